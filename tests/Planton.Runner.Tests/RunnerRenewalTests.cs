using Planton.Runner.Tests.Fixtures;
using Planton.Testing;
using Planton.Testing.Processes;
using Planton.Testing.Programs;
using Planton.Tunnel.Gateway;

namespace Planton.Runner.Tests;

/// <summary>The program itself renews, keeps and finds again. Its first certificate is past two thirds of its life from the start.</summary>
public sealed class RunnerRenewalTests : RunnerProgramTest
{
    private TestCredentials Old => new(Authority) { Tunnel = Gateway.Address, ControlPlane = Api.Url, ValidFor = TimeSpan.FromHours(2) };

    private string State => Folder.File("state");

    [Fact]
    public async Task WhatIsRenewedIsKeptForTheOwnerAlone_AndIsWhatTheNextStartConnectsWith()
    {
        Gateway.Renew = request => Authority.Sign(request, TestIdentity.OfOrganization.ToString());
        // Both starts with the same document: it is written anew by none of them.
        var credentials = TestCredentials.Write(
            Folder.File("credentials.json"),
            TestCredentials.Json(Old.Document()));
        string serial;
        await using (var runner = Begin(credentials))
        {
            await runner.WaitForLineAsync(line => line.Contains("certificate is renewed", StringComparison.Ordinal), "that it is renewed", Limit, Cancel);
            var tunnel = await TunnelAsync(tunnel => tunnel.Certificate.NotBefore.ToUniversalTime() > TimeProvider.System.GetUtcNow().AddHours(-1).UtcDateTime);
            serial = tunnel.Certificate.SerialNumber;
            AssertNoSecrets(runner);
            Assert.DoesNotContain(runner.ErrorLines, line => line.Contains("Without --state-dir", StringComparison.Ordinal));
        }

        var file = Assert.Single(Directory.GetFiles(State));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Gateway.Renew = null;
        await Eventually.BecomesTrueAsync(() => Gateway.Registry.Count == 0, "the first process is gone", cancellationToken: Cancel);
        await using var again = Begin(credentials);
        await ReadyAsync(again);
        Assert.Equal(serial, (await TunnelAsync(_ => true)).Certificate.SerialNumber);
    }

    [Fact]
    public async Task WithoutAStateFolderAWarningSaysWhatIsLost_AndWithADamagedOneWhatIsNotUsed()
    {
        await using (var runner = Start())
        {
            await ReadyAsync(runner);
            Assert.Single(runner.ErrorLines, line => line.Contains("Without --state-dir", StringComparison.Ordinal));
        }

        Directory.CreateDirectory(State);
        Gateway.Renew = request => Authority.Sign(request, TestIdentity.OfOrganization.ToString());
        await using (var runner = Start(Old, "--state-dir", State))
            await runner.WaitForLineAsync(line => line.Contains("certificate is renewed", StringComparison.Ordinal), "that it is renewed", Limit, Cancel);
        await File.WriteAllTextAsync(Directory.GetFiles(State).Single(), "{", Cancel);
        await using var damaged = Start(Old, "--state-dir", State);
        await ReadyAsync(damaged);
        Assert.Single(damaged.ErrorLines, line => line.Contains("is damaged", StringComparison.Ordinal));
    }

    private ProgramProcess Begin(string credentials) => ProgramProcess.Start(
        ProgramFiles.Runner, ["start", "--credentials-file", credentials, "--health", "off", "--state-dir", State], Environment());

    private async Task<GatewayTunnel> TunnelAsync(Func<GatewayTunnel, bool> which)
    {
        GatewayTunnel? found = null;
        await Eventually.BecomesTrueAsync(
            () => (found = Gateway.Registry.All.FirstOrDefault(which)) is not null, "the runner's tunnel", cancellationToken: Cancel);
        return found!;
    }
}
