using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Life;

/// <summary>What the platform's runners and its default ask of whoever changes them.</summary>
public sealed class PlatformLifeTests(InstallationFixture fixture) : IClassFixture<InstallationFixture>
{
    private readonly PlantonInstallation _installation = fixture.Installation;

    [Fact]
    [Trait(RequirementTests.Trait, "S20")]
    public async Task TheOwnerOfAnOrganization_ChangesItsDefault_AndNotThePlatforms()
    {
        await _installation.SucceedAsync("runner", "register", "ours");
        await _installation.SucceedAsync("runner", "register", "everyones", "--platform");
        (string, string)[] ada = [("PLANTON_API_KEY", (await _installation.SucceedAsync("user", "create", "ada")).Trim())];
        await _installation.SucceedAsync("member", "set", "ada", "--role", "owner");

        Assert.Equal(0, (await _installation.PlantonWithAsync(ada, "runner", "set-default", "ours")).ExitCode);
        foreach (var command in (string[][])
        [
            ["runner", "set-default", "everyones", "--platform"], ["runner", "unset-default", "--platform"], ["runner", "register", "mine", "--platform"],
            ["runner", "generate-credentials", "everyones", "--platform"], ["runner", "regenerate-credentials", "everyones", "--platform", "--yes"],
            ["runner", "delete", "everyones", "--platform", "--yes"], ["runner", "grant", "everyones", "--to-org", "default"],
            ["runner", "grants", "everyones"], ["runner", "revoke-grant", "everyones", "some-id", "--yes"], ["org", "create", "mine"],
        ])
        {
            var refused = await _installation.PlantonWithAsync(ada, command);
            Assert.True(refused.ExitCode == 4, $"{string.Join(' ', command)}: {refused}");
            Assert.Contains("platform", refused.Error, StringComparison.Ordinal);
        }

        Assert.Contains("everyones", await _installation.SucceedAsync("runner", "list", "--platform"), StringComparison.Ordinal);
        Assert.Null((await _installation.Api.GetDefaultRunnerAsync(org: null, TestContext.Current.CancellationToken)).Effective);
        await _installation.SucceedAsync("runner", "set-default", "everyones", "--platform");
    }
}
