using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Life;

namespace Planton.EndToEnd.Tests.Refusals;

/// <summary>How the runner's program ends when it is refused: with an exit code, and saying at which step and why.</summary>
[Trait(RequirementTests.Trait, "R3")]
public sealed class RunnerRefusalTests(InstallationFixture fixture, AnotherControlPlane another) : IClassFixture<InstallationFixture>, IAsyncLifetime
{
    private const int BadConfiguration = 2;
    private const int Refused = 4;
    private const int Unreachable = 5;

    private readonly PlantonInstallation _installation = fixture.Installation;
    private readonly int _mark = fixture.Installation.Server.LogMark;
    private readonly string _connection = $"prod-{Guid.NewGuid():N}"[..16];
    private string _file = null!;
    private string _kubeconfig = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _file = await _installation.MakeCredentialsAsync("alpha");
        _kubeconfig = RunnerKubeconfig.WriteForNowhere(_installation);
        await _installation.ConnectAsync(_connection, "alpha");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    [Trait(RequirementTests.Trait, "R2")]
    public async Task WithTheCredentialsOfAnotherControlPlane_TheRunnerDoesNotTrustThisOne()
    {
        var other = await another.GetAsync();
        var here = CredentialsFile.Read(_file);
        var file = CredentialsFile.Falsify(await other.MakeCredentialsAsync("alpha"), c => c with
        {
            ControlPlane = here.ControlPlane,
            Tunnel = c.Tunnel! with { Endpoint = here.Tunnel!.Endpoint },
        });

        var stderr = await EndsWithAsync(Unreachable, file);

        Assert.Contains("establish the tunnel", stderr, StringComparison.Ordinal);
        Assert.Contains("certificate", stderr, StringComparison.Ordinal);
        Assert.Contains(here.Tunnel!.Endpoint!, stderr, StringComparison.Ordinal);
        await _installation.Server.LogLineAsync(_mark, "Tunnel from");
    }

    [Fact]
    public async Task WithACertificateOfAnotherControlPlane_TheGatewayRefuses()
    {
        var other = await another.GetAsync();
        var here = CredentialsFile.Read(_file);
        var file = CredentialsFile.Falsify(await other.MakeCredentialsAsync("alpha"), c => c with
        {
            ControlPlane = here.ControlPlane,
            // It trusts this gateway; only its own certificate is foreign.
            Tunnel = here.Tunnel! with { Certificate = c.Tunnel!.Certificate, PrivateKey = c.Tunnel.PrivateKey },
        });

        var stderr = await EndsWithAsync(Unreachable, file);

        Assert.Contains("establish the tunnel", stderr, StringComparison.Ordinal);
        await _installation.Server.LogLineAsync(_mark, "refused in the handshake", "not from our authority");
    }

    [Fact]
    public async Task WithAnExpiredCertificate_TheRunnerSaysSince()
    {
        using var authority = StolenAuthority.Open(_installation.Server.Data);
        using var certificate = authority.Issue(await IdentityAsync(authority), days: 0);
        var file = CredentialsFile.Falsify(_file, c => c.WithCertificate(certificate));

        var stderr = await EndsWithAsync(Refused, file);

        Assert.Contains("load credentials", stderr, StringComparison.Ordinal);
        Assert.Contains("the certificate expired at", stderr, StringComparison.Ordinal);
        Assert.Contains("planton runner generate-credentials alpha", stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithARightCertificateForARunnerThatWasNeverRegistered_TheGatewayRefuses()
    {
        using var authority = StolenAuthority.Open(_installation.Server.Data);
        var id = Guid.CreateVersion7().ToString();
        var identity = (await IdentityAsync(authority)).Replace(CredentialsFile.Read(_file).Metadata!.RunnerId!, id, StringComparison.Ordinal);
        using var certificate = authority.Issue(identity);
        var file = CredentialsFile.Falsify(_file, c => c.WithCertificate(certificate) with { Metadata = c.Metadata! with { RunnerId = id } });

        var stderr = await EndsWithAsync(Refused, file);

        Assert.Contains("establish the tunnel", stderr, StringComparison.Ordinal);
        Assert.Contains("unknown_runner", stderr, StringComparison.Ordinal);
        Assert.Contains("not registered", stderr, StringComparison.Ordinal);
        await _installation.Server.LogLineAsync(_mark, "refused (unknown_runner)", id);
    }

    [Fact]
    public async Task WithTheApiKeyOfAnotherRunner_TheStartEndsAtItsSecondStep()
    {
        var other = CredentialsFile.Read(await _installation.MakeCredentialsAsync("beta"));
        var file = CredentialsFile.Falsify(_file, c => c with { ApiKey = other.ApiKey });

        var stderr = await EndsWithAsync(Refused, file);

        Assert.Contains("authenticate with the control plane", stderr, StringComparison.Ordinal);
        Assert.Contains("wrong runner", stderr, StringComparison.Ordinal);
        Assert.DoesNotContain(other.ApiKey!, stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithAnUnknownApiKey_TheStartEndsAtItsSecondStep()
    {
        var other = await another.GetAsync();
        var file = CredentialsFile.Falsify(_file, c => c with { ApiKey = other.Server.InitialKey });

        var stderr = await EndsWithAsync(Refused, file);

        Assert.Contains("authenticate with the control plane", stderr, StringComparison.Ordinal);
        Assert.Contains("does not accept the API key", stderr, StringComparison.Ordinal);
        Assert.DoesNotContain(other.Server.InitialKey, stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithFieldsMissing_TheRunnerNamesEachOfThem()
    {
        var file = CredentialsFile.Falsify(_file, c => c with { ApiKey = null, Tunnel = c.Tunnel! with { Certificate = null } });

        var stderr = await EndsWithAsync(BadConfiguration, file);

        Assert.Contains("apiKey: is missing", stderr, StringComparison.Ordinal);
        Assert.Contains("tunnel.certificate: is missing", stderr, StringComparison.Ordinal);
    }

    private async Task<string> EndsWithAsync(int exitCode, string file)
    {
        await using var runner = RunnerProgram.Launch(_installation.Home, file, "--kubeconfig", _kubeconfig, "--start-timeout", "4s");
        var code = await runner.Process.WaitForExitAsync(TimeSpan.FromSeconds(30), Token);
        var stderr = string.Join('\n', runner.Process.ErrorLines);
        Assert.True(code == exitCode, $"exit code {code} instead of {exitCode}\n{runner.Process.Describe()}");
        Assert.DoesNotContain("accepting operations", stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("pck_", stderr, StringComparison.Ordinal);

        // And nothing can be sent to it.
        var operation = await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", _connection);
        Assert.Equal(5, operation.ExitCode);
        return stderr;
    }

    private async Task<string> IdentityAsync(StolenAuthority authority)
    {
        var organization = (await _installation.Api.GetCallerAsync(Token)).Organizations.Single(o => o.Name == PlantonInstallation.Organization).Id;
        return $"spiffe://{authority.TrustDomain}/org/{organization}/runner/{CredentialsFile.Read(_file).Metadata!.RunnerId}";
    }
}
