using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Refusals;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Trust;

/// <summary>A runner with a state folder, and what shows whether it renews.</summary>
internal sealed class RenewingRunner : IAsyncDisposable
{
    private readonly PlantonInstallation _installation;
    private readonly string _kubeconfig;

    private RenewingRunner(PlantonInstallation installation, string name, string file, string kubeconfig)
    {
        (_installation, Name, File, _kubeconfig) = (installation, name, file, kubeconfig);
        CredentialId = CredentialsFile.Read(file).Metadata!.Id!;
        StateFolder = installation.PathOf($"state-{name}");
    }

    public string Name { get; }

    /// <summary>Its credentials document.</summary>
    public string File { get; }

    public string CredentialId { get; }

    public string StateFolder { get; }

    /// <summary>What the folder holds now.</summary>
    public RunnerStateFile? State => RunnerStateFile.Read(StateFolder);

    public RunnerProgram Program { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes credentials, and a connection of the runner's name.</summary>
    public static async Task<RenewingRunner> RegisterAsync(PlantonInstallation installation, string name, string kubeconfig)
    {
        var runner = new RenewingRunner(installation, name, await installation.MakeCredentialsAsync(name), kubeconfig);
        await installation.ConnectAsync(name, name);
        return runner;
    }

    /// <summary>
    /// Makes the document say that it was issued long ago. More than two thirds of its certificate's life are then over, and a
    /// runner that is started with it renews at once.
    /// </summary>
    public void Age()
    {
        var credentials = CredentialsFile.Read(File);
        CredentialsFile.Write(File, credentials with { Metadata = credentials.Metadata! with { IssuedAt = TimeProvider.System.GetUtcNow().AddDays(-3000) } });
    }

    /// <summary>Starts it without waiting for anything.</summary>
    public void Launch() =>
        Program = _installation.Own(RunnerProgram.Launch(_installation.Home, File, "--kubeconfig", _kubeconfig, "--state-dir", StateFolder));

    /// <summary>Starts it, and returns when it accepts operations.</summary>
    public async Task StartAsync()
    {
        Launch();
        await Program.ReadyAsync();
    }

    /// <summary>
    /// Waits until it has a certificate beside that of its document, and the control plane has noted that a tunnel was opened
    /// with it; returns it.
    /// </summary>
    public async Task<X509Certificate2> RenewedAsync()
    {
        await SaysAsync("The runner's certificate is renewed", "(kept: True)");
        var certificate = State!.Open()!;
        await Eventually.BecomesTrueAsync(
            async () => await UsesAsync(certificate) > 0, $"a tunnel of {Name} is opened with certificate {certificate.SerialNumber}", cancellationToken: Token);
        return certificate;
    }

    /// <summary>When the control plane last saw a tunnel opened with a certificate, as its database holds it; 0 for never.</summary>
    public Task<long> UsesAsync(X509Certificate2 certificate) => _installation.Server.CountAsync(
        $"""SELECT COALESCE(MAX("LastUsedAt"), 0) FROM runner_certificates WHERE "Serial" = '{certificate.SerialNumber}'""");

    /// <summary>Waits for a line of its log with these parts.</summary>
    public Task SaysAsync(params string[] parts) => Program.Process.WaitForLineAsync(
        line => parts.All(part => line.Contains(part, StringComparison.Ordinal)), string.Join(" … ", parts), TimeSpan.FromSeconds(30), Token);

    /// <summary>Waits until its state folder holds so many authorities: it trusts them first, and then writes them.</summary>
    public Task KeepsAsync(int authorities) => Eventually.BecomesTrueAsync(
        () => State?.Authorities == authorities, $"the state folder of {Name} holds {authorities} authorities", cancellationToken: Token);

    /// <summary>Sends an operation through it.</summary>
    public async Task WorksAsync() =>
        Assert.Contains("hello-", await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", Name), StringComparison.Ordinal);

    /// <summary>What <c>/healthz/certificate</c> says of the next renewal.</summary>
    public async Task<DateTimeOffset> RenewalDueAsync()
    {
        const string before = "it is renewed at ";
        var health = Assert.Single(ProcessSockets.Listening(Program.Process.Id));
        Assert.True(IPAddress.IsLoopback(health.Address), health.ToString());
        using var http = new HttpClient();
        var text = (await http.GetStringAsync(new Uri($"http://{health}/healthz/certificate"), Token)).Trim();
        return DateTimeOffset.Parse(text[(text.IndexOf(before, StringComparison.Ordinal) + before.Length)..], CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => Program is null ? ValueTask.CompletedTask : Program.DisposeAsync();
}
