using Planton.Api.Connections;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Connections;

public sealed class DefaultConnectionTests : IDisposable
{
    private const string Collection = "/api/v1/organizations/acme/connections";
    private const string Default = "/api/v1/organizations/acme/default-connection";
    private readonly CliHarness _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task ADefaultIsSet_ForTheOrganization_OrForTheEnvironmentThatIsMeant()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("PUT", $"{Collection}/prod/default", Samples.Connection("prod"));
        _cli.Using(server);

        var organization = await _cli.RunAsync("connection", "set-default", "prod");
        var given = await _cli.RunAsync("connection", "set-default", "prod", "--env", "staging");
        _cli.Variables["PLANTON_ENV"] = "qa";
        var variable = await _cli.RunAsync("connection", "set-default", "prod");

        Assert.Equal(["{}", """{"environment":"staging"}""", """{"environment":"qa"}"""], server.Requests.Select(request => request.Body));
        Assert.Equal("Default connection of organization acme: prod.\n", organization.Error);
        Assert.Equal("Default connection of environment staging of organization acme: prod.\n", given.Error);
        Assert.Equal(0, variable.ExitCode);
    }

    [Fact]
    public async Task WithoutAName_TheOneThatIsTheDefaultThereIsUnset_AndNoInheritedOne()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", Default, new DefaultConnection("prod", "organization")).OnJson("DELETE", $"{Collection}/prod/default", "", 204);
        _cli.Using(server);

        var unset = await _cli.RunAsync("connection", "unset-default");
        var inherited = await _cli.RunAsync("connection", "unset-default", "--env", "staging");

        Assert.Equal((0, "prod is no longer the default connection of organization acme.\n"), (unset.ExitCode, unset.Error));
        Assert.Equal(3, inherited.ExitCode);
        Assert.Single(server.Requests, request => request.Method == "DELETE");
    }

    [Fact]
    public async Task TheDefaultIsShown_WithWhoseItIs()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", Default, new DefaultConnection("prod", "environment"));

        var table = await _cli.Using(server).RunAsync("connection", "get-default", "--env", "staging");
        var name = await _cli.RunAsync("connection", "get-default", "--env", "staging", "-o", "name");

        Assert.Equal("CONNECTION   DEFAULT OF\nprod         environment\n", table.Out);
        Assert.Equal("connection/prod\n", name.Out);
        Assert.All(server.Requests, request => Assert.Equal("?environment=staging", request.Query));
    }

    [Fact]
    public async Task WithoutOne_ItIsSaidHowToSetOne()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", Default, new DefaultConnection(null, null));

        var result = await _cli.Using(server).RunAsync("connection", "get-default");

        Assert.Contains("planton connection set-default NAME", result.Error, StringComparison.Ordinal);
        Assert.Contains("(none)", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnvironmentsAreSet_AndAllMustBeSaid()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("PUT", $"{Collection}/prod/environments", Samples.Connection("prod") with { Environments = ["qa", "staging"] });
        _cli.Using(server);

        var two = await _cli.RunAsync("connection", "set-environments", "prod", "--environment", "staging", "--environment", "qa");
        var all = await _cli.RunAsync("connection", "set-environments", "prod", "--all");
        var nothing = await _cli.RunAsync("connection", "set-environments", "prod");
        var both = await _cli.RunAsync("connection", "set-environments", "prod", "--all", "--environment", "qa");

        Assert.Equal(["""{"environments":["staging","qa"]}""", """{"environments":[]}"""], server.Requests.Select(request => request.Body));
        Assert.Equal("Connection prod may be used in qa, staging only.\n", two.Error);
        Assert.Equal((0, 2, 2), (all.ExitCode, nothing.ExitCode, both.ExitCode));
    }

    [Theory]
    [InlineData("/kubernetes/acme/prod/api/v1/namespaces/default/pods", "--connection", "prod")]
    [InlineData("/kubernetes/acme/-/api/v1/namespaces/default/pods")]
    [InlineData("/kubernetes/acme/prod@staging/api/v1/namespaces/default/pods", "--connection", "prod", "--env", "staging")]
    [InlineData("/kubernetes/acme/-@staging/api/v1/namespaces/default/pods", "--env", "staging")]
    public async Task KubectlAsksInOneRequest_ForTheConnectionAndTheEnvironmentThatAreMeant(string path, params string[] options)
    {
        await using var server = await FakeControlPlane.StartAsync();

        await _cli.Using(server).RunAsync(["kubectl", "get", "pods", .. options]);

        Assert.Equal(path, server.Requests.First().Path);
    }

    [Fact]
    public async Task AKubeconfigForAnEnvironment_IsOneOfItsOwn()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", $"{Collection}/prod", Samples.Connection("prod")).On("GET", "/api/v1/server", Samples.Server());

        var result = await _cli.Using(server).RunAsync("kubeconfig", "prod", "--env", "staging");

        Assert.Contains("server: https://kube.example.com/kubernetes/acme/prod@staging\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("current-context: planton-acme-prod@staging\n", result.Out, StringComparison.Ordinal);
    }
}
