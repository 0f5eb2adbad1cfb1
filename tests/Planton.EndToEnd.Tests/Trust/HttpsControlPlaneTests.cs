using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Refusals;

namespace Planton.EndToEnd.Tests.Trust;

/// <summary>A control plane that serves HTTPS with a certificate of a private authority.</summary>
public sealed class HttpsControlPlaneTests(HttpsInstallation fixture) : IClassFixture<HttpsInstallation>
{
    private readonly FlaggedInstallation _installation = fixture.Installation;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Url => _installation.Addresses.Http;

    [Fact]
    public async Task TheCommandLine_TrustsTheAuthorityOnceItIsTold_AndKeepsIt()
    {
        Assert.StartsWith("https://127.0.0.1:", Url, StringComparison.Ordinal);

        // Another name of it, for the command line keeps what it is told of each URL.
        var url = $"https://localhost:{new Uri(Url).Port}";
        var refused = await _installation.LogInAsync(url);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"{url} is not trusted: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--ca-file FILE", refused.Error, StringComparison.Ordinal);
        Assert.Empty(refused.Output);

        await fixture.LogInAsync(url);
        // The flag is not given again.
        Assert.Contains("admin", await _installation.SucceedAsync("auth", "who", "--server", url), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlainHttp_IsNotAnswered()
    {
        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri($"http://{new Uri(Url).Authority}/healthz/live"), Token));
    }

    [Fact]
    public async Task ARunnerThatDoesNotKnowTheAuthority_EndsAtItsSecondStep_AndSaysWhatToDo()
    {
        var file = await CredentialsAsync("untold");
        Assert.Equal((Url, null), (CredentialsFile.Read(file).ControlPlane!.Endpoint, CredentialsFile.Read(file).ControlPlane!.CaCertificates));

        var said = await _installation.RefusedAsync(5, file, fixture.Kubeconfig);

        Assert.Contains("Step 'authenticate with the control plane' did not succeed", said, StringComparison.Ordinal);
        Assert.Contains("comes from an unknown authority (CN=Private test authority)", said, StringComparison.Ordinal);
        Assert.Contains("SSL_CERT_FILE", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ARunnerThatKnowsTheAuthority_FromItsSystemOrItsDocument_ServesOperationsOverHttps(bool fromSystem)
    {
        var name = fromSystem ? "by-system" : "by-document";
        var file = await CredentialsAsync(name);
        if (!fromSystem)
            file = CredentialsFile.Falsify(file, c => c with { ControlPlane = c.ControlPlane! with { CaCertificates = fixture.AuthorityPem } });

        var runner = _installation.StartRunner(file, fixture.Kubeconfig, fromSystem ? [("SSL_CERT_FILE", fixture.AuthorityFile)] : []);
        await FlaggedInstallation.ReadyAsync(runner);

        await _installation.SucceedAsync("connection", "create", "kubernetes", name, "--runner", name);
        Assert.Contains("hello-", await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", name), StringComparison.Ordinal);
    }

    private async Task<string> CredentialsAsync(string runner)
    {
        await fixture.LogInAsync();
        return await _installation.MakeCredentialsAsync(runner);
    }
}
