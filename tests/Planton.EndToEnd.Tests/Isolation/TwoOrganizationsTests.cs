using System.Net;
using Planton.Api.Client;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Life;
using Planton.EndToEnd.Tests.Refusals;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Isolation;

/// <summary>Two organizations with everything named alike, and a runner with a target of its own each.</summary>
[Trait(RequirementTests.Trait, "R2")]
public sealed class TwoOrganizationsTests(TwoOrganizationsFixture fixture) : IClassFixture<TwoOrganizationsFixture>, IAsyncLifetime
{
    private const string A = TwoOrganizationsFixture.A;
    private const string B = TwoOrganizationsFixture.B;
    private const string Runner = TwoOrganizationsFixture.Runner;
    private const string Connection = TwoOrganizationsFixture.Connection;
    private const string Pods = "api/v1/namespaces/default/pods";

    private static readonly (string Name, string Value)[] Forged =
    [
        ("Planton-Organization", "FORGED-ORGANIZATION"),
        ("Planton-Runner", "FORGED-RUNNER"),
        ("Planton-Kubernetes-Context", "forged-context"),
        ("Planton-Operation-Id", "forged-operation"),
        ("Planton-Tunnel-Id", "forged-tunnel"),
        ("Planton-Upgrade-Method", "forged-upgrade"),
        ("Planton-Error", "forged-error"),
        ("planton-anything", "forged-anything"),
        ("X-Forwarded-For", "203.0.113.7"),
        ("X-Forwarded-Host", "forged.example.com"),
        ("X-Forwarded-Proto", "gopher"),
        ("X-Forwarded-Prefix", "/forged"),
        ("Forwarded", "for=203.0.113.7;host=forged.example.com"),
        ("Cookie", "forged=cookie"),
    ];

    private readonly PlantonInstallation _installation = fixture.Installation;
    private readonly RecordingTarget _targetA = fixture.TargetA;
    private readonly RecordingTarget _targetB = fixture.TargetB;
    private readonly HttpClient _http = new() { BaseAddress = new Uri(fixture.Installation.Server.Addresses.Http + "/") };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _targetA.Forget();
        _targetB.Forget();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task EachOrganizationsOperations_ReachItsOwnTargetAndNoOther()
    {
        for (var i = 0; i < 50; i++)
        {
            Assert.Contains("\"target\":\"a\"", await GetAsync(A, $"?marker=a{i}"), StringComparison.Ordinal);
            Assert.Contains("\"target\":\"b\"", await GetAsync(B, $"?marker=b{i}"), StringComparison.Ordinal);
        }

        Assert.Equal(50, _targetA.Requests.Count);
        Assert.Equal(50, _targetB.Requests.Count);
        Assert.All(_targetA.Requests, r => Assert.Contains("marker=a", r.PathAndQuery, StringComparison.Ordinal));
        Assert.All(_targetB.Requests, r => Assert.Contains("marker=b", r.PathAndQuery, StringComparison.Ordinal));
        Assert.All(_targetA.Requests, r => Assert.Equal($"Bearer {_targetA.Token}", r.Headers["Authorization"]));
        Assert.All(_targetB.Requests, r => Assert.Equal($"Bearer {_targetB.Token}", r.Headers["Authorization"]));
    }

    [Fact]
    public async Task WhenARequestClaimsToBeOfAnother_ItGoesWhereItsPathSays_AndTheClaimsGoNowhere()
    {
        var b = await _installation.Api.GetRunnerAsync(B, Runner, Token);
        var organizationB = (await _installation.Api.GetCallerAsync(Token)).Organizations.Single(o => o.Name == B);
        foreach (var (organization, runner) in ((string, string)[])[("FORGED-ORGANIZATION", "FORGED-RUNNER"), (organizationB.Id, b.Id), (B, Runner)])
        {
            var headers = Forged.Select(h => h.Name switch
            {
                "Planton-Organization" => (h.Name, organization),
                "Planton-Runner" => (h.Name, runner),
                _ => h,
            });
            Assert.Contains("\"target\":\"a\"", await GetAsync(A, "", [.. headers]), StringComparison.Ordinal);
        }

        Assert.Empty(_targetB.Requests);
        Assert.Equal(3, _targetA.Requests.Count);
        Assert.All(_targetA.Requests, request =>
        {
            Assert.DoesNotContain(request.Headers, h => h.Key.StartsWith("Planton-", StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(request.Headers, h => h.Value.Contains("forged", StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(request.Headers, h => h.Value.Contains("203.0.113.7", StringComparison.Ordinal) || h.Value == "gopher");
            Assert.DoesNotContain(request.Headers, h => h.Value.Contains("pck_", StringComparison.Ordinal));
            Assert.DoesNotContain("Cookie", request.Headers.Keys);
        });
    }

    [Fact]
    public async Task WhenAMemberOfOneAsksForTheOthersConnection_TheOrganizationIsNotThere()
    {
        // A runner's service account: a viewer of its own organization, and nobody anywhere else.
        var key = CredentialsFile.Read(await _installation.MakeCredentialsAsync(Runner, A)).ApiKey!;

        var result = await _installation.PlantonWithAsync(
            [("PLANTON_API_KEY", key)], "kubectl", "get", "pods", "--org", B, "--connection", Connection);
        Assert.Equal(3, result.ExitCode);
        Assert.Contains($"\"{B}\"", result.Error, StringComparison.Ordinal);

        using var api = await SendAsync($"api/v1/organizations/{B}/connections/{Connection}", key);
        Assert.Equal(HttpStatusCode.NotFound, api.StatusCode);
        Assert.Contains("organization_not_found", await api.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        using var proxied = await SendAsync($"kubernetes/{B}/{Connection}/{Pods}", key);
        Assert.Equal(HttpStatusCode.NotFound, proxied.StatusCode);

        // Neither does it tell an organization that there is from one that there is not.
        using var nowhere = await SendAsync("kubernetes/none/prod/" + Pods, key);
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        Assert.Empty(_targetA.Requests);
        Assert.Empty(_targetB.Requests);
    }

    [Theory]
    [InlineData("kubernetes/acme/../beta/prod/api")]
    [InlineData("kubernetes/acme/prod/../../beta/prod/api")]
    [InlineData("kubernetes/acme/%2e%2e/beta/prod/api")]
    [InlineData("kubernetes/acme/prod/%2e%2e/%2e%2e/beta/prod/api")]
    [InlineData("kubernetes/acme%2fprod%2f..%2f..%2fbeta/prod/api")]
    [InlineData("kubernetes//beta/prod/api")]
    [InlineData("kubernetes/ACME/../BETA/prod/api")]
    public async Task WhenAPathTriesToLeaveItsOrganization_NothingReachesTheOther(string path)
    {
        var key = CredentialsFile.Read(await _installation.MakeCredentialsAsync(Runner, A)).ApiKey!;
        // Not normalized by our own client, as an attacker's would not be.
        var url = new Uri($"{_installation.Server.Addresses.Http}/{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = PlantonApiClient.Bearer(key);
        using var response = await _http.SendAsync(request, Token);

        Assert.False(response.IsSuccessStatusCode);
        Assert.Empty(_targetB.Requests);
    }

    [Fact]
    public async Task WhenAConnectionNamesTheOthersRunner_ItIsNotMade()
    {
        await _installation.SucceedAsync("runner", "register", "only-in-b", "--org", B);

        var result = await _installation.PlantonAsync("connection", "create", "kubernetes", "stolen", "--org", A, "--runner", "only-in-b");

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("only-in-b", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenARunnerOfOneClaimsToBeTheOthers_ItGetsNothingOfTheOther()
    {
        fixture.RunnerB.Process.Signal(ProcessSignal.Terminate);
        await fixture.RunnerB.Process.WaitForExitAsync(cancellationToken: Token);
        var file = CredentialsFile.Falsify(await _installation.MakeCredentialsAsync(Runner, A), c => c with { Metadata = c.Metadata! with { Organization = B } });
        await using var liar = RunnerProgram.Launch(_installation.Home, file, "--kubeconfig", fixture.KubeconfigB, "--start-timeout", "10s");
        await liar.Process.WaitForLineAsync(
            line => line.Contains("Ready after", StringComparison.Ordinal) || line.Contains("The runner ends", StringComparison.Ordinal), "how it fared", cancellationToken: Token);

        using var response = await SendAsync($"kubernetes/{B}/{Connection}/{Pods}", _installation.Server.InitialKey);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("unreachable", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Empty(_targetB.Requests);
        await fixture.RunnerB.StartAgainAsync();
    }

    private async Task<string> GetAsync(string organization, string query, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync($"kubernetes/{organization}/{Connection}/{Pods}{query}", _installation.Server.InitialKey, headers);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, text);
        return text;
    }

    private Task<HttpResponseMessage> SendAsync(string path, string key, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = PlantonApiClient.Bearer(key);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return _http.SendAsync(request, Token);
    }
}
