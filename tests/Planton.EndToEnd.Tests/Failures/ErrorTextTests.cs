using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Life;

namespace Planton.EndToEnd.Tests.Failures;

/// <summary>What the errors that people meet say, with their exit codes, through the programs as they are.</summary>
public sealed class ErrorTextTests(CommonInstallation common) : InstallationTest(common)
{
    [Fact]
    public async Task NamesThatDoNotExist_AreSaidWithWhereTheyWereLookedForAndWhatIsNear()
    {
        await Installation.SucceedAsync("runner", "register", "edge-one");
        await Installation.ConnectAsync("storefront", "edge-one");

        Assert.Equal(3, await SaysAsync(["runner", "get", "edge-oen"], "edge-oen", "default", "edge-one"));
        Assert.Equal(3, await SaysAsync(["connection", "get", "storefrnot"], "storefrnot", "default", "storefront"));
        Assert.Equal(3, await SaysAsync(["kubectl", "get", "pods", "--connection", "storefrnot"], "storefrnot", "default"));
        Assert.Equal(3, await SaysAsync(["runner", "list", "--org", "nobodys"], "nobodys"));
    }

    [Fact]
    [Trait(RequirementTests.Trait, "R11")]
    public async Task AKeyThatIsMissingUnknownOrMistyped_IsToldWhich_AndWhereItCameFrom()
    {
        Assert.Equal(4, await SaysAsync(["auth", "who", "--server", "http://127.0.0.1:1"], "not logged in to http://127.0.0.1:1", "planton auth login"));
        var key = Installation.Server.InitialKey;
        Assert.Equal(4, await SaysWithAsync(key[..^1] + (key[^1] == 'a' ? 'b' : 'a'), "checksum", "PLANTON_API_KEY"));
        Assert.Equal(4, await SaysWithAsync("pck_short", "malformed", "PLANTON_API_KEY"));
    }

    [Fact]
    public async Task WhatMayNotBeDone_SaysWhatItTakes()
    {
        var key = Refusals.CredentialsFile.Read(await Installation.MakeCredentialsAsync("edge-two")).ApiKey!;

        var refused = await Installation.PlantonWithAsync([("PLANTON_API_KEY", key)], "connection", "create", "kubernetes", "mine");

        Assert.Equal(4, refused.ExitCode);
        Assert.Contains("may not create connections", refused.Error, StringComparison.Ordinal);
        Assert.Contains("It takes the role admin", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongArguments_AreSaidAllAtOnce_AndTakenNamesAreNamed()
    {
        await Installation.SucceedAsync("runner", "register", "edge-three");

        Assert.Equal(2, await SaysAsync(["connection", "create", "kubernetes", "Not_A_Name", "--runner", "Nor This"], "  name: ", "  runner: "));
        Assert.Equal(1, await SaysAsync(["runner", "register", "edge-three"], "organization \"default\" has a runner \"edge-three\""));
    }

    [Fact]
    public async Task WithoutARunnerToGoTo_TheWayToSetOneIsSaid_AndOneThatIsAwayIsNamed()
    {
        await Installation.SucceedAsync("runner", "register", "edge-four");
        await Installation.ConnectAsync("routeless", null);
        await Installation.ConnectAsync("asleep", "edge-four");

        Assert.Equal(5, await SaysAsync(["kubectl", "get", "pods", "--connection", "routeless"], "no runner", "planton runner set-default"));
        Assert.Equal(5, await SaysAsync(["kubectl", "get", "pods", "--connection", "asleep"], "edge-four", "unreachable"));
    }

    [Fact]
    public async Task ATargetThatCannotBeReached_IsSaidWithTheReason()
    {
        await Installation.StartRunnerAsync("edge-five", RunnerKubeconfig.WriteForNowhere(Installation));
        await Installation.ConnectAsync("dead", "edge-five");

        Assert.Equal(1, await SaysAsync(["kubectl", "get", "pods", "--connection", "dead"], "127.0.0.1:9", "refused"));
    }

    private async Task<int> SaysAsync(string[] arguments, params string[] words)
    {
        var result = await Installation.PlantonAsync(arguments);
        Assert.All(words, word => Assert.Contains(word, result.Error, StringComparison.Ordinal));
        Assert.Equal("", result.Output);
        return result.ExitCode;
    }

    private async Task<int> SaysWithAsync(string key, params string[] words)
    {
        var result = await Installation.PlantonWithAsync([("PLANTON_API_KEY", key)], "auth", "who");
        Assert.All(words, word => Assert.Contains(word, result.Error, StringComparison.Ordinal));
        Assert.DoesNotContain(key, result.Error, StringComparison.Ordinal);
        return result.ExitCode;
    }
}
