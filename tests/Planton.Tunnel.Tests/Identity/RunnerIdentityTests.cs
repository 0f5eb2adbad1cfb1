using Planton.Tunnel.Identity;

namespace Planton.Tunnel.Tests.Identity;

public sealed class RunnerIdentityTests
{
    [Theory]
    [InlineData("spiffe://planton-1a2b/org/0193-aa/runner/0193-bb", "planton-1a2b", "0193-aa", "0193-bb")]
    [InlineData("spiffe://example.org/org/A_1/runner/b.2", "example.org", "A_1", "b.2")]
    [InlineData("spiffe://example.org/platform/runner/r", "example.org", null, "r")]
    public void TheTwoForms_AreRead_AndWrittenAgainTheSame(string text, string domain, string? organization, string runner)
    {
        var identity = RunnerIdentity.Parse(text);

        Assert.Equal(new RunnerIdentity(domain, organization, runner), identity);
        Assert.Equal(text, identity!.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("spiffe://")]
    [InlineData("spiffe://td")]
    [InlineData("spiffe://td/")]
    [InlineData("spiffe://td/org/o/runner")]
    [InlineData("spiffe://td/org/o/runner/")]
    [InlineData("spiffe://td/org//runner/r")]
    [InlineData("spiffe://td/org/o/runner/r/")]
    [InlineData("spiffe://td/org/o/runner/r/x")]
    [InlineData("spiffe://td/org/o/Runner/r")]
    [InlineData("spiffe://td/ORG/o/runner/r")]
    [InlineData("spiffe://td/org/../runner/r")]
    [InlineData("spiffe://td/org/./runner/r")]
    [InlineData("spiffe://td/org/o/runner/r?x=1")]
    [InlineData("spiffe://td/org/o/runner/r#x")]
    [InlineData("spiffe://td/org/o%2Fp/runner/r")]
    [InlineData("spiffe://td:8443/org/o/runner/r")]
    [InlineData("spiffe://user@td/org/o/runner/r")]
    [InlineData("spiffe://TD/org/o/runner/r")]
    [InlineData("SPIFFE://td/org/o/runner/r")]
    [InlineData("https://td/org/o/runner/r")]
    [InlineData("spiffe://td/platform/o/runner/r")]
    [InlineData("spiffe://td/platform/runner/")]
    [InlineData("spiffe:///org/o/runner/r")]
    [InlineData(" spiffe://td/org/o/runner/r")]
    [InlineData("spiffe://td/org/o/runner/r\n")]
    [InlineData("spiffe://td/org/ö/runner/r")]
    public void AnythingElse_IsNoIdentity(string? text) => Assert.Null(RunnerIdentity.Parse(text));

    [Fact]
    public void AnEndlessText_IsNoIdentity() => Assert.Null(RunnerIdentity.Parse("spiffe://td/org/o/runner/" + new string('r', 5000)));

    [Fact]
    public void APlatformRunner_IsNotTheRunnerOfAnOrganization() =>
        Assert.NotEqual(RunnerIdentity.Parse("spiffe://td/platform/runner/r"), RunnerIdentity.Parse("spiffe://td/org/platform/runner/r"));
}
