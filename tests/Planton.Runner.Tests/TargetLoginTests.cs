using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Planton.Api.Errors;
using Planton.Runner.Providers.Kubernetes;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;

namespace Planton.Runner.Tests;

public sealed class TargetLoginTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("token: abc-token-abc", "Bearer abc-token-abc")]
    [InlineData("username: joe, password: s3cret", "Basic am9lOnMzY3JldA==")]
    [InlineData("token: abc-token-abc, username: joe, password: s3cret", "Bearer abc-token-abc")]
    [InlineData("", null)]
    public async Task TokensAndPasswordsAreSentAsKubernetesClientsDo(string user, string? expected)
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target, user);

        await host.GetAsync("/api", Cancel);

        Assert.Equal(expected, target.Seen.Single().Header("Authorization"));
    }

    [Fact]
    public async Task AClientCertificateIsShown_FromDataAndFromFilesBesideTheKubeconfig()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        using var certificate = _authority.Client("alice");
        var (pem, key) = (certificate.ExportCertificatePem(), Key(certificate));
        _folder.Write("pki/alice.crt", pem);
        _folder.Write("pki/alice.key", key);
        foreach (var user in new[]
        {
            $"client-certificate-data: {KubeConfigs.Base64(pem)}, client-key-data: {KubeConfigs.Base64(key)}",
            "client-certificate: pki/alice.crt, client-key: pki/alice.key",
        })
        {
            await using var host = await StartAsync(target, user);
            await host.GetAsync("/api", Cancel);
        }

        Assert.Equal(["alice", "alice"], target.Seen.Select(s => s.ClientName));
    }

    [Fact]
    public async Task AReplacedCertificateFileIsUsedForNewRequests()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        foreach (var name in new[] { "alice", "bob" })
        {
            using var certificate = _authority.Client(name);
            _folder.Write(name + ".crt", certificate.ExportCertificatePem());
            _folder.Write(name + ".key", Key(certificate));
        }

        var (crt, key) = (_folder.File("now.crt"), _folder.File("now.key"));
        File.Copy(_folder.File("alice.crt"), crt);
        File.Copy(_folder.File("alice.key"), key);
        await using var host = await StartAsync(target, "client-certificate: now.crt, client-key: now.key");
        await host.GetAsync("/api", Cancel);
        File.Copy(_folder.File("bob.crt"), crt, overwrite: true);
        File.Copy(_folder.File("bob.key"), key, overwrite: true);
        File.SetLastWriteTimeUtc(crt, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1));
        await host.GetAsync("/api", Cancel);
        _time.Advance(TimeSpan.FromSeconds(2));
        await host.GetAsync("/api", Cancel);

        Assert.Equal(["alice", "alice", "bob"], target.Seen.Select(s => s.ClientName));
    }

    [Fact]
    public async Task ATokenFileGoesBeforeTheTokenAndIsReadAgainAfterAMinute()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        _folder.Write("token", "first-token\n");
        await using var host = await StartAsync(target, "token: fixed-token, tokenFile: token");

        await host.GetAsync("/api", Cancel);
        _folder.Write("token", "second-token\n");
        await host.GetAsync("/api", Cancel);
        _time.Advance(TimeSpan.FromSeconds(61));
        await host.GetAsync("/api", Cancel);
        File.Delete(_folder.File("token"));
        _time.Advance(TimeSpan.FromSeconds(61));
        await host.GetAsync("/api", Cancel);

        Assert.Equal(
            ["Bearer first-token", "Bearer first-token", "Bearer second-token", "Bearer second-token"],
            target.Seen.Select(s => s.Header("Authorization")));
    }

    [Fact]
    public async Task A401MakesTheTokenFileBeReadAtOnce_AndTheRequestIsSentOnceMore()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), context =>
        {
            context.Response.StatusCode = context.Request.Headers.Authorization == "Bearer new-token" ? 200 : 401;
            return Task.CompletedTask;
        });
        _folder.Write("token", "old-token");
        await using var host = await StartAsync(target, "tokenFile: token");
        using var before = await host.GetAsync("/api", Cancel);
        _folder.Write("token", "new-token");
        using var after = await host.GetAsync("/api", Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, before.StatusCode);
        Assert.Null(before.ErrorCode());
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        // The first 401 finds the same token in the file, and so is not tried again.
        Assert.Equal(["Bearer old-token", "Bearer old-token", "Bearer new-token"], target.Seen.Select(s => s.Header("Authorization")));
    }

    [Fact]
    public async Task InAPodTheServiceAccountIsUsed()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        _folder.Write("sa/token", "pod-token");
        _folder.Write("sa/ca.crt", _authority.Pem);
        var environment = new Dictionary<string, string>
        {
            ["KUBERNETES_SERVICE_HOST"] = "127.0.0.1",
            ["KUBERNETES_SERVICE_PORT"] = $"{target.Port}",
        };
        await using var host = await OperationHost.StartAsync(
            environment: environment, options: new KubernetesOptions { ServiceAccountFolder = _folder.File("sa") });

        using var response = await host.GetAsync("/version", Cancel);
        host.Client.DefaultRequestHeaders.Add("Planton-Kubernetes-Context", "other");
        using var named = await host.GetAsync("/version", Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Bearer pod-token", target.Seen.Single().Header("Authorization"));
        Assert.Equal(ErrorCode.TargetUnreachable, named.ErrorCode());
        Assert.Contains("has no contexts", named.ErrorDetail(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePluginsTokenIsUsedUntilItExpires()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        var expires = _time.GetUtcNow().AddMinutes(5).ToString("yyyy-MM-ddTHH:mm:ssZ", null);
        var plugin = Script("plugin.sh", $$$"""
            echo run >> "$RUNS"
            n=$(wc -l < "$RUNS")
            echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"plugin-token-'$n'","expirationTimestamp":"{{{expires}}}"}}'
            """);
        await using var host = await StartAsync(target, Exec(plugin));

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => host.GetAsync("/api", Cancel)));
        Assert.Single(await File.ReadAllLinesAsync(_folder.File("runs"), Cancel));
        _time.Advance(TimeSpan.FromMinutes(4.9));
        await host.GetAsync("/api", Cancel);

        Assert.All(target.Seen.Take(5), s => Assert.Equal("Bearer plugin-token-1", s.Header("Authorization")));
        Assert.Equal("Bearer plugin-token-2", target.Seen.Last().Header("Authorization"));
    }

    [Fact]
    public async Task A401MakesThePluginRunAgain()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), context =>
        {
            context.Response.StatusCode = context.Request.Headers.Authorization == "Bearer plugin-token-2" ? 200 : 401;
            return Task.CompletedTask;
        });
        var plugin = Script("plugin.sh", """
            echo run >> "$RUNS"
            n=$(wc -l < "$RUNS")
            echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"plugin-token-'$n'"}}'
            """);
        await using var host = await StartAsync(target, Exec(plugin));
        using var tooSoon = await host.GetAsync("/api", Cancel);
        _time.Advance(TimeSpan.FromSeconds(11));
        using var response = await host.GetAsync("/api", Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, tooSoon.StatusCode);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task APluginMayGiveAClientCertificate_AndIsToldAboutTheCluster()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        using var certificate = _authority.Client("carol");
        var answer = System.Text.Json.JsonSerializer.Serialize(new
        {
            kind = "ExecCredential",
            apiVersion = "client.authentication.k8s.io/v1beta1",
            status = new { clientCertificateData = certificate.ExportCertificatePem(), clientKeyData = Key(certificate) },
        });
        _folder.Write("answer.json", answer);
        var plugin = Script("plugin.sh", """
            echo "$KUBERNETES_EXEC_INFO" > "$RUNS"
            echo "own:$PLANTON_RUNNER_CREDENTIALS" >> "$RUNS"
            cat "$(dirname "$0")/answer.json"
            """);
        await using var host = await StartAsync(target, Exec(plugin, "client.authentication.k8s.io/v1beta1", "provideClusterInfo: true, "));

        await host.GetAsync("/api", Cancel);

        Assert.Equal("carol", target.Seen.Single().ClientName);
        var told = await File.ReadAllTextAsync(_folder.File("runs"), Cancel);
        Assert.Contains($"\"server\":\"{target.Url}\"", told, StringComparison.Ordinal);
        Assert.Contains("\"interactive\":false", told, StringComparison.Ordinal);
        Assert.Contains("certificate-authority-data", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo the secret-of-env is bad >&2; exit 3", "ended with exit code 3; it said: the *** is bad")]
    [InlineData("echo nonsense", "printed something that is not JSON")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"status\":{}}'", "answered with apiVersion")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{}}'", "neither a token nor a client certificate")]
    [InlineData("head -c 1100000 /dev/zero", "printed more than 1048576 bytes")]
    public async Task AFailingPluginIsNamedWithWhatItSaid(string script, string expected)
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target, Exec(Script("plugin.sh", script)));

        using var response = await host.GetAsync("/api", Cancel);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(ErrorCode.TargetUnreachable, response.ErrorCode());
        Assert.Contains("plugin.sh", response.ErrorDetail(), StringComparison.Ordinal);
        Assert.Contains(expected, response.ErrorDetail(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-env", response.ErrorDetail(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task APluginThatHangsIsEndedWithItsChildren()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        var plugin = Script("plugin.sh", "echo $$ > \"$RUNS\"; echo waiting for a person >&2; sleep 300");
        var config = Config(target, Exec(plugin));
        await using var host = await OperationHost.StartAsync(config, options: new KubernetesOptions { PluginTimeout = TimeSpan.FromSeconds(1) });

        using var response = await host.GetAsync("/api", Cancel);

        Assert.Contains("did not end within 1 s; it said: waiting for a person", response.ErrorDetail(), StringComparison.Ordinal);
        var pid = (await File.ReadAllTextAsync(_folder.File("runs"), Cancel)).Trim();
        await Eventually.BecomesTrueAsync(() => !Directory.Exists($"/proc/{pid}"), "the plugin's process ends", cancellationToken: Cancel);
    }

    [Fact]
    public async Task AMissingPluginSaysHowToInstallIt()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target,
            "exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin-here, installHint: get it from the shop}");

        using var response = await host.GetAsync("/api", Cancel);

        Assert.Contains("no-such-plugin-here", response.ErrorDetail(), StringComparison.Ordinal);
        Assert.Contains("get it from the shop", response.ErrorDetail(), StringComparison.Ordinal);
    }

    private string Script(string name, string body)
    {
        var path = _folder.Write(name, "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    // A relative command with a separator is relative to the kubeconfig's folder.
    private string Exec(string plugin, string version = "client.authentication.k8s.io/v1", string more = "") =>
        $"exec: {{apiVersion: {version}, command: ./{Path.GetFileName(plugin)}, {more}env: [{{name: RUNS, value: {_folder.File("runs")}}}, {{name: S, value: secret-of-env}}]}}";

    private string Config(TestTarget target, string user) =>
        _folder.Write("config", KubeConfigs.One(target.Url, KubeConfigs.Authority(_authority), user));

    private Task<OperationHost> StartAsync(TestTarget target, string user) => OperationHost.StartAsync(Config(target, user), time: _time);

    private static string Key(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }
}
