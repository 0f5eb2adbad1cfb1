using System.Diagnostics;
using Planton.Api.Credentials;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Life;

namespace Planton.EndToEnd.Tests.Revocation;

/// <summary>How soon a revocation takes effect on streams, tunnel and API key, for each way to revoke.</summary>
[Collection(nameof(Alone))]
[Trait("Category", "Slow")]
public sealed class RevocationTimeTests(SampleInstallationFixture fixture, ITestOutputHelper output) : IClassFixture<SampleInstallationFixture>
{
    private const string Organization = PlantonInstallation.Organization;
    private const int Prepared = 5;

    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(1);
    private static readonly RevocationKind[] Kinds = [RevocationKind.One, RevocationKind.Regenerate, RevocationKind.Delete];

    private readonly Durations _logs = new("log cut after the call was sent");
    private readonly Durations _shells = new("shell cut after the call was sent");
    private readonly Durations _tunnels = new("tunnel cut after the call was sent");
    private readonly Durations _keys = new("API key refused after the call was sent");
    private readonly Durations _calls = new("the call's answer");

    private readonly PlantonInstallation _installation = fixture.Installation;
    private readonly SampleClusterProgram _sample = fixture.Sample;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait(RequirementTests.Trait, "S7")]
    [Trait(RequirementTests.Trait, "S26")]
    public async Task WithinASecondOfTheCall_StreamsAndTunnelAreCut_AndTheKeyIsRefused()
    {
        var total = Kinds.Length * Sizes.Revocations;
        for (var first = 0; first < total; first += Prepared)
        {
            var numbers = Enumerable.Range(first, Math.Min(Prepared, total - first));
            var runners = await Task.WhenAll(numbers.Select(number => LiveRunner.StartAsync(_installation, _sample, $"timed-{number}")));
            for (var next = 0; next < runners.Length; next++)
            {
                await using var runner = runners[next];
                await RevokeAsync(runner, Kinds[(first + next) % Kinds.Length]);
            }
        }

        output.WriteLine(string.Join('\n', (Durations[])[_logs, _shells, _tunnels, _keys, _calls]));
        Assert.All((Durations[])[_logs, _shells, _tunnels, _keys], measured => Assert.True(measured.P99 < Promise, measured.ToString()));
    }

    [Theory]
    [Trait(RequirementTests.Trait, "S7")]
    [Trait(RequirementTests.Trait, "S26")]
    [InlineData(RevocationKind.One)]
    [InlineData(RevocationKind.Regenerate)]
    [InlineData(RevocationKind.Delete)]
    public async Task TheCommandTellsHowManyOfEachItCut(RevocationKind kind)
    {
        var name = $"told-{kind}".ToLowerInvariant();
        await using var runner = await LiveRunner.StartAsync(_installation, _sample, name);
        string[] command = kind switch
        {
            RevocationKind.One => ["runner", "credentials", "revoke", runner.Name, runner.Used.Metadata!.Id!],
            RevocationKind.Regenerate => ["runner", "regenerate-credentials", runner.Name, "--output-dir", _installation.PathOf(name)],
            _ => ["runner", "delete", runner.Name],
        };

        var result = await _installation.PlantonAsync([.. command, "--yes"]);

        output.WriteLine(result.Error);
        Assert.True(result.ExitCode == 0, result.ToString());
        var some = kind == RevocationKind.One ? "1 credential and 1 API key" : "2 credentials and 2 API keys";
        Assert.Contains($"Revoked {some}; cut 1 tunnel and 2 operations.", result.Error, StringComparison.Ordinal);
        await Task.WhenAll(runner.Log.Ended, runner.Shell.Ended).WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    private async Task RevokeAsync(LiveRunner runner, RevocationKind kind)
    {
        var server = _installation.Server.Addresses.Http;
        var tunnel = runner.TunnelCutAsync();
        var sent = Stopwatch.GetTimestamp();
        var call = CallAsync(runner, kind);
        var key = LiveRunner.KeyRefusedAsync(server, runner.Used.ApiKey!);
        var summary = await call;
        _calls.Add(sent, Stopwatch.GetTimestamp());
        await Task.WhenAll(runner.Log.Ended, runner.Shell.Ended, tunnel, key).WaitAsync(TimeSpan.FromSeconds(20), Token);
        _logs.Add(sent, await runner.Log.Ended);
        _shells.Add(sent, await runner.Shell.Ended);
        _tunnels.Add(sent, await tunnel);
        _keys.Add(sent, await key);

        var credentials = kind == RevocationKind.One ? 1 : 2;
        Assert.Equal(new RevocationSummary(credentials, credentials, 1, 2), summary);
        Assert.Equal(4, await runner.Program.Process.WaitForExitAsync(TimeSpan.FromSeconds(20), Token));
        // The kind decides whether the other credential of the runner stays valid.
        using var other = new HttpClient { BaseAddress = new Uri(server + "/") };
        other.DefaultRequestHeaders.Authorization = Api.Client.PlantonApiClient.Bearer(runner.Spare.ApiKey!);
        using var answer = await other.GetAsync("api/v1/me", Token);
        Assert.Equal(kind == RevocationKind.One ? 200 : 401, (int)answer.StatusCode);
    }

    private async Task<RevocationSummary> CallAsync(LiveRunner runner, RevocationKind kind) => kind switch
    {
        RevocationKind.One => await _installation.Api.RevokeCredentialAsync(Organization, runner.Name, runner.Used.Metadata!.Id!, Token),
        RevocationKind.Regenerate => (await _installation.Api.RegenerateCredentialsAsync(Organization, runner.Name, Token)).Revoked,
        _ => await _installation.Api.DeleteRunnerAsync(Organization, runner.Name, Token),
    };
}
