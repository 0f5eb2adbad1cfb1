using System.Text;
using Planton.Api.Errors;
using Planton.Cli.Data;
using Planton.Cli.Data.Yaml;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Kubeconfigs;

public sealed class KubeconfigTests : IDisposable
{
    private const string Existing = """
        apiVersion: v1
        kind: Config
        preferences: {}
        current-context: mine
        clusters:
        - cluster:
            insecure-skip-tls-verify: true
            server: https://10.0.0.1:6443
          name: mine
        contexts:
        - context:
            cluster: mine
            namespace: "123"
            user: me
          name: mine
        users:
        - name: me
          user:
            exec:
              apiVersion: client.authentication.k8s.io/v1
              args: [a, "on", "1e3"]
              command: get-token

        """;

    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenPrinted_ItIsCompleteAndCurrent()
    {
        await using var server = await StartAsync("CA PEM");

        var result = await _cli.RunAsync("kubeconfig", "prod");

        Assert.Equal(
            $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: planton-acme-prod
              cluster:
                server: https://kube.example.com/kubernetes/acme/prod
                certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes("CA PEM"))}
            contexts:
            - name: planton-acme-prod
              context:
                cluster: planton-acme-prod
                user: planton-acme-prod
            users:
            - name: planton-acme-prod
              user:
                token: {FakeControlPlane.ApiKey}
            current-context: planton-acme-prod

            """,
            result.Out);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task WhenTheServerIsPubliclyTrusted_NoAuthorityIsWritten()
    {
        await using var server = await StartAsync(null);

        Assert.DoesNotContain("certificate-authority", (await _cli.RunAsync("kubeconfig", "prod")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenMergedIntoAFile_EverythingElseInItStays()
    {
        await using var server = await StartAsync(null);
        var file = await WriteAsync(Existing);

        var result = await _cli.RunAsync("kubeconfig", "prod", "--file", file);

        var document = await ReadAsync(file);
        Assert.Equal("", result.Out);
        Assert.Equal("mine", document["current-context"]?.Text);
        Assert.Equal(["mine", "planton-acme-prod"], document["clusters"]!.Items.Select(item => item["name"]!.Text!));
        Assert.Equal("123", document["contexts"]!.Items[0]["context"]!["namespace"]!.Text);
        Assert.Equal(["a", "on", "1e3"], document["users"]!.Items[0]["user"]!["exec"]!["args"]!.Items.Select(item => item.Text!));
        Assert.True(document["clusters"]!.Items[0]["cluster"]!["insecure-skip-tls-verify"] is DataBool { Value: true });
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task WhenMergedTwice_TheEntryIsReplacedNotRepeated()
    {
        await using var server = await StartAsync(null);
        var file = await WriteAsync(Existing);

        await _cli.RunAsync("kubeconfig", "prod", "--file", file);
        _cli.Variables["PLANTON_API_KEY"] = "pck_newer";
        await _cli.RunAsync("kubeconfig", "prod", "--file", file, "--set-current");

        var document = await ReadAsync(file);
        Assert.Equal("planton-acme-prod", document["current-context"]?.Text);
        Assert.Equal(2, document["users"]!.Items.Count);
        Assert.Equal("pck_newer", document["users"]!.Items[1]["user"]!["token"]!.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("apiVersion: v1\nkind: Config\nclusters: null\ncontexts: null\nusers: null\n")]
    public async Task WhenTheFileIsEmptyOrItsListsAreNull_ItIsFilled(string content)
    {
        await using var server = await StartAsync(null);
        var file = await WriteAsync(content);

        var result = await _cli.RunAsync("kubeconfig", "prod", "--file", file);

        Assert.Equal(0, result.ExitCode);
        Assert.Single((await ReadAsync(file))["clusters"]!.Items);
    }

    [Fact]
    public async Task WhenThereIsNoFile_ItIsMade()
    {
        await using var server = await StartAsync(null);
        var file = _cli.PathOf("deep/er/config");

        await _cli.RunAsync("kubeconfig", "prod", "--file", file);

        Assert.Single((await ReadAsync(file))["users"]!.Items);
    }

    [Fact]
    public async Task WhenTheFileIsNoKubeconfig_ItIsLeftAsItIs()
    {
        await using var server = await StartAsync(null);
        var file = await WriteAsync("- just\n- a list\n");

        var result = await _cli.RunAsync("kubeconfig", "prod", "--file", file);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("- just\n- a list\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal([file], Directory.GetFiles(_cli.Home));
    }

    [Fact]
    public async Task WhenThereIsNoSuchConnection_NothingIsWritten()
    {
        await using var server = await StartAsync(null);
        server.OnProblem("GET", "/api/v1/organizations/acme/connections/nosuch", ErrorCode.ConnectionNotFound, "there is no connection nosuch");
        var file = _cli.PathOf("config");

        var result = await _cli.RunAsync("kubeconfig", "nosuch", "--file", file);

        Assert.Equal(3, result.ExitCode);
        Assert.False(File.Exists(file));
    }

    public void Dispose() => _cli.Dispose();

    private static async Task<DataNode> ReadAsync(string file) =>
        YamlDataReader.Read(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), out _)!;

    private async Task<FakeControlPlane> StartAsync(string? authorities)
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/organizations/acme/connections/prod", Samples.Connection("prod"));
        server.On("GET", "/api/v1/server", Samples.Server(authorities));
        _cli.Using(server);
        return server;
    }

    private async Task<string> WriteAsync(string content)
    {
        var file = _cli.PathOf("kubeconfig");
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        return file;
    }
}
