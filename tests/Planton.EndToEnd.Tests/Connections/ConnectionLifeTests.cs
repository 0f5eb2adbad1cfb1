using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Planton.Api.Client;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Isolation;
using Planton.EndToEnd.Tests.Life;
using Planton.EndToEnd.Tests.Refusals;
using Planton.EndToEnd.Tests.Revocation;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Connections;

/// <summary>Inline credentials, references, environments and default connections, walked with the three programs.</summary>
public sealed class ConnectionLifeTests(InstallationFixture fixture) : IClassFixture<InstallationFixture>
{
    private const string Secret = "a-token-that-must-stay-secret";

    private readonly PlantonInstallation _installation = fixture.Installation;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait(RequirementTests.Trait, "R5")]
    public async Task AnInlineConnection_UsesWhatItBrings_AndNoFileOrLogHoldsIt()
    {
        await using var target = await RecordingTarget.StartAsync("inline");
        var runner = await _installation.StartRunnerAsync("inline-runner", RunnerKubeconfig.WriteForNowhere(_installation));
        await CreateInlineAsync("inline", "inline-runner", target.Url, Secret);

        await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", "inline");
        var test = await _installation.SucceedAsync("connection", "test", "inline", "-o", "json");

        Assert.All(target.Requests, request => Assert.Equal($"Bearer {Secret}", request.Headers["Authorization"]));
        Assert.DoesNotContain(target.Requests, request => request.Headers.Keys.Any(name => name.StartsWith("Planton-", StringComparison.OrdinalIgnoreCase)));
        using var json = JsonDocument.Parse(test);
        Assert.Equal(
            ["control-plane", "tunnel", "runner", "target"],
            json.RootElement.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("name").GetString()));
        AssertNowhere(Secret, runner);
        await _installation.SucceedAsync("connection", "delete", "inline", "--yes");
        Assert.Equal(3, (await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "inline")).ExitCode);
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S27")]
    public async Task References_AreResolvedByTheRunner_InTheEnvironment_AndFollowAChange()
    {
        await using var target = await RecordingTarget.StartAsync("references");
        await _installation.SucceedAsync("environment", "create", "ref-staging");
        await SetSecretAsync("ref-token", "organizations-token-value");
        await SetSecretAsync("ref-token", "stagings-token-value", "--env", "ref-staging");
        await _installation.SucceedAsync("variable", "set", "ref-address", target.Url);
        var own = RunnerKubeconfig.Write(_installation, "ref-own", "$var/ref-address", "$secret/ref-token");
        var runner = await _installation.StartRunnerAsync("ref-runner", own);
        await _installation.ConnectAsync("ref-own", "ref-runner");
        await CreateInlineAsync("ref-inline", "ref-runner", "$var/ref-address", "$secret/ref-token");

        foreach (var connection in (string[])["ref-own", "ref-inline"])
        {
            target.Forget();
            await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", connection);
            await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", connection, "--env", "ref-staging");
            Assert.Equal(["Bearer organizations-token-value", "Bearer stagings-token-value"], target.Requests.Select(request => request.Headers["Authorization"]));
        }

        await SetSecretAsync("ref-token", "changed-token-value");
        await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", "ref-inline");
        Assert.Equal("Bearer changed-token-value", target.Requests.Last().Headers["Authorization"]);

        await _installation.SucceedAsync("secret", "delete", "ref-token", "--yes");
        var missing = await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "ref-inline");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("$secret/ref-token: there is no such secret", missing.Error, StringComparison.Ordinal);
        Assert.Contains("planton secret list", missing.Error, StringComparison.Ordinal);
        var test = await _installation.PlantonAsync("connection", "test", "ref-inline");
        Assert.Contains("failed at stage runner", test.Error, StringComparison.Ordinal);
        foreach (var value in (string[])["organizations-token-value", "stagings-token-value", "changed-token-value"])
            Assert.DoesNotContain(runner.Process.ErrorLines, line => line.Contains(value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ARunnerOfThePlatform_ResolvesNothing_AndSaysSo()
    {
        await SetSecretAsync("platform-token", "some-token-value");
        var folder = _installation.PathOf("platform-credentials");
        await _installation.SucceedAsync("runner", "generate-credentials", "shared", "--platform", "--output-dir", folder);
        var own = RunnerKubeconfig.Write(_installation, "platform", "https://127.0.0.1:9", "$secret/platform-token");
        var runner = _installation.Own(RunnerProgram.Launch(_installation.Home, Path.Combine(folder, "credentials.json"), "--kubeconfig", own));
        await runner.ReadyAsync();
        await _installation.SucceedAsync("runner", "set-default", "shared", "--platform");
        await _installation.SucceedAsync("runner", "grant", "shared", "--to-org", "default");
        await _installation.ConnectAsync("platform", null);

        var result = await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "platform");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("runner \"shared\" of the platform could not reach the target", result.Error, StringComparison.Ordinal);
        // What is in the platform's kubeconfig is for its operators to read.
        Assert.DoesNotContain("context 'x'", result.Error, StringComparison.Ordinal);
        Assert.Contains(runner.Process.ErrorLines, line => line.Contains(
            "$secret/platform-token of context 'x' cannot be resolved: a runner of the platform belongs to no organization", StringComparison.Ordinal));
        await _installation.SucceedAsync("runner", "unset-default", "--platform");
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S27")]
    [Trait(RequirementTests.Trait, "R4")]
    public async Task ARunnersOwnKey_ResolvesItsOrganizationsSecretsAndVariables_AndDoesNothingElse()
    {
        await SetSecretAsync("key-secret", "the-value");
        await _installation.SucceedAsync("org", "create", "elsewhere");
        var key = CredentialsFile.Read(await _installation.MakeCredentialsAsync("key-runner")).ApiKey!;
        const string body = """{"references":["$secret/key-secret"]}""";

        var (resolved, answer) = await CallAsync(key, "POST", "default/resolve", body);
        Assert.Equal(HttpStatusCode.OK, resolved);
        Assert.Contains("the-value", answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await CallAsync(key, "POST", "elsewhere/resolve", body)).Status);

        foreach (var (method, path, sent) in ((string, string, string)[])
        [
            ("PUT", "default/secrets/key-secret", """{"value":"x"}"""), ("DELETE", "default/secrets/key-secret", ""),
            ("PUT", "default/variables/v", """{"value":"x"}"""), ("POST", "default/environments", """{"name":"e"}"""),
            ("POST", "default/connections", """{"name":"c","kind":"kubernetes"}"""), ("POST", "default/runners", """{"name":"r"}"""),
            ("POST", "default/runners/key-runner/credentials", ""), ("DELETE", "default/runners/key-runner", ""), ("GET", "default/audit", ""),
            ("DELETE", "default", ""),
        ])
        {
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, (await CallAsync(key, method, path, sent)).Status));
        }

        await _installation.ConnectAsync("key-connection", "key-runner");
        var result = await _installation.PlantonWithAsync([("PLANTON_API_KEY", key)], "kubectl", "get", "pods", "--connection", "key-connection");
        Assert.Equal(4, result.ExitCode);
    }

    [Fact]
    [Trait(RequirementTests.Trait, "R6")]
    public async Task Environments_Defaults_AndTheContextsEnvironment_GoTogether()
    {
        await using var target = await RecordingTarget.StartAsync("environments");
        foreach (var environment in (string[])["env-staging", "env-prod"])
            await _installation.SucceedAsync("environment", "create", environment);
        await _installation.StartRunnerAsync("env-runner", RunnerKubeconfig.Write(_installation, "env", target.Url, target.Token));
        await _installation.SucceedAsync("connection", "create", "kubernetes", "env-only", "--runner", "env-runner", "--environment", "env-staging");

        var none = await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "env-only");
        Assert.Equal(4, none.ExitCode);
        Assert.Contains("may be used in environment \"env-staging\" only, and this request is for no environment", none.Error, StringComparison.Ordinal);
        Assert.Equal(4, (await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "env-only", "--env", "env-prod")).ExitCode);
        var near = await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "env-only", "--env", "env-stagin");
        Assert.Equal(3, near.ExitCode);
        Assert.Contains("Did you mean env-staging", near.Error, StringComparison.Ordinal);
        await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", "env-only", "--env", "env-staging");

        Assert.Equal(3, (await _installation.PlantonAsync("kubectl", "get", "pods", "--env", "env-staging")).ExitCode);
        await _installation.SucceedAsync("connection", "set-default", "env-only", "--env", "env-staging");
        Assert.Contains("environment", await _installation.SucceedAsync("connection", "get-default", "--env", "env-staging"), StringComparison.Ordinal);
        await _installation.SucceedAsync("kubectl", "get", "pods", "--env", "env-staging");
        var variable = await _installation.PlantonWithAsync([("PLANTON_ENV", "env-staging")], "kubectl", "get", "pods");
        Assert.True(variable.ExitCode == 0, variable.ToString());

        await _installation.SucceedAsync("connection", "set-environments", "env-only", "--environment", "env-prod");
        Assert.Equal(4, (await _installation.PlantonAsync("kubectl", "get", "pods", "--env", "env-staging")).ExitCode);
        await _installation.SucceedAsync("connection", "set-environments", "env-only", "--all");
        await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", "env-only");
        await _installation.SucceedAsync("connection", "unset-default", "--env", "env-staging");
        Assert.Equal(3, (await _installation.PlantonAsync("connection", "unset-default", "--env", "env-staging")).ExitCode);
    }

    [Fact]
    public async Task WhenAConnectionIsDeleted_ItsWatchEndsWithinASecond_AndWithoutYesNothingIsDone()
    {
        var sample = await SampleClusterProgram.StartAsync(_installation);
        await _installation.StartRunnerAsync("watch-runner", sample.Kubeconfig);
        await _installation.ConnectAsync("watched", "watch-runner");
        var watch = _installation.StartPlanton("kubectl", "get", "pods", "-A", "--watch", "--connection", "watched");
        await watch.WaitForLineAsync(line => line.StartsWith("NAMESPACE", StringComparison.Ordinal), "its first rows", cancellationToken: Token);
        // The rows are a list. Only what is created after it comes by the watch.
        using var http = OpenStream.Client(_installation.Server.Addresses.Http, "watched", _installation.Server.InitialKey);
        using var pod = new StringContent(
            """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"seen"},"spec":{"containers":[{"name":"c","image":"c"}]}}""", Encoding.UTF8, "application/json");
        using var created = await http.PostAsync("api/v1/namespaces/default/pods", pod, Token);
        Assert.True(created.IsSuccessStatusCode, $"{(int)created.StatusCode}");
        await watch.WaitForLineAsync(line => line.Contains(" seen ", StringComparison.Ordinal), "the row of a new pod", cancellationToken: Token);

        Assert.Equal(2, (await _installation.PlantonAsync("connection", "delete", "watched")).ExitCode);
        Assert.False(watch.HasExited);
        var clock = Stopwatch.StartNew();
        await _installation.Api.DeleteConnectionAsync("default", "watched", Token);
        var code = await watch.WaitForExitAsync(cancellationToken: Token);

        Assert.InRange(clock.ElapsedMilliseconds, 0, 1_000);
        // A crash exits with another code and prints something else.
        Assert.True(code == 1, $"exit code {code}\n{watch.Describe()}");
        Assert.Equal("Error: the connection to the control plane was lost during the watch, or the runner's tunnel behind it", watch.ErrorLines[0]);
    }

    private Task<string> CreateInlineAsync(string name, string runner, string server, string token) => _installation.SucceedAsync(
        "connection", "create", "kubernetes", name, "--runner", runner, "--auth-mode", "inline",
        "--kubeconfig", RunnerKubeconfig.Write(_installation, $"{name}-inline", server, token));

    private async Task SetSecretAsync(string name, string value, params string[] options)
    {
        var result = await ProgramProcess.RunAsync(
            ProgramFiles.Cli, ["secret", "set", name, .. options], _installation.Variables(), value, cancellationToken: Token);
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    private async Task<(HttpStatusCode Status, string Answer)> CallAsync(string key, string method, string path, string body)
    {
        using var http = new HttpClient { BaseAddress = new Uri(_installation.Server.Addresses.Http + "/") };
        using var request = new HttpRequestMessage(new HttpMethod(method), $"api/v1/organizations/{path}");
        request.Headers.Authorization = PlantonApiClient.Bearer(key);
        if (body.Length > 0)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request, Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    private void AssertNowhere(string secret, RunnerProgram runner)
    {
        Assert.DoesNotContain(runner.Process.ErrorLines, line => line.Contains(secret, StringComparison.Ordinal));
        var wanted = Encoding.UTF8.GetBytes(secret);
        foreach (var file in Directory.EnumerateFiles(_installation.PathOf("data"), "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[stream.Length];
            stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            Assert.True(content.AsSpan().IndexOf(wanted) < 0, $"{file} holds it");
        }
    }
}
