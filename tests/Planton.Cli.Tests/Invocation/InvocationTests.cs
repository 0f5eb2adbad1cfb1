using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Planton.Api.Errors;
using Planton.Cli.Invocation;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Invocation;

public sealed class InvocationTests : IDisposable
{
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenNothingIsTyped_TheHelpIsShown()
    {
        var result = await _cli.RunAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Exit codes: 0 ok", result.Out, StringComparison.Ordinal);
        Assert.Contains("kubectl", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenAVerbIsShown_ItsHelpHasExamples()
    {
        var application = new CliApplication(_cli.Environment(TextWriter.Null, TextWriter.Null));

        var verbs = Descendants(application.Parse([]).RootCommandResult.Command).OfType<Verb>().ToArray();

        Assert.True(verbs.Length >= 48, $"{verbs.Length} verbs");
        Assert.All(verbs, verb => Assert.NotEmpty(verb.Examples));
        Assert.All(verbs, verb => Assert.All(verb.Examples, example => Assert.Contains("planton", example, StringComparison.Ordinal)));
        Assert.All(verbs, verb => Assert.NotNull(verb.Description));
    }

    [Fact]
    public async Task WhenHelpIsAskedOfAVerb_TheExamplesAreBelow()
    {
        var result = await _cli.RunAsync("runner", "list", "--help");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Examples:\n  planton runner list\n", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("planton --help", "bogus")]
    [InlineData("planton runner --help", "runner")]
    [InlineData("planton runner list --help", "runner", "list", "--bogus")]
    [InlineData("planton org list --help", "org", "list", "-o", "xml")]
    [InlineData("planton runner get --help", "runner", "get")]
    [InlineData("planton kubectl get --help", "kubectl", "get", "pods", "-o", "nothing-known")]
    public async Task WhenTheCommandLineIsWrong_TheExitCodeIs2AndTheHelpIsNamed(string hint, params string[] arguments)
    {
        var result = await _cli.RunAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Out);
        Assert.StartsWith("Error: ", result.Error, StringComparison.Ordinal);
        Assert.EndsWith($"Hint: {hint}\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenNoServerIsConfigured_TheExitCodeIs2AndLoginIsNamed()
    {
        var result = await _cli.RunAsync("runner", "list");

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("Error: no server is configured\nHint: Log in: planton auth login --server URL --api-key - (or set PLANTON_SERVER and PLANTON_API_KEY).\n", result.Error);
    }

    [Fact]
    public async Task WhenTheConnectionIsRefused_TheUrlIsNamed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        _cli.Variables["PLANTON_SERVER"] = url;
        _cli.Variables["PLANTON_API_KEY"] = FakeControlPlane.ApiKey;

        var result = await _cli.RunAsync("org", "list");

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"Error: {url} refused the connection\nHint: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheNameIsUnknown_DnsIsNamed()
    {
        _cli.Variables["PLANTON_SERVER"] = "http://planton.invalid";
        _cli.Variables["PLANTON_API_KEY"] = FakeControlPlane.ApiKey;

        var result = await _cli.RunAsync("org", "list");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("planton.invalid", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenInterrupted_TheRequestIsCancelledAndTheExitCodeIs130()
    {
        await using var server = await FakeControlPlane.StartAsync();
        var arrived = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        server.On("GET", "/api/v1/organizations", context =>
        {
            context.RequestAborted.Register(cancelled.SetResult);
            arrived.SetResult();
            return cancelled.Task;
        });
        using var interruption = new CancellationTokenSource();

        var running = _cli.Using(server).RunAsync(interruption.Token, "org", "list");
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await interruption.CancelAsync();
        var result = await running;

        Assert.Equal((130, "", ""), (result.ExitCode, result.Out, result.Error));
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(ErrorCode.PermissionDenied, false, "Error: no\n")]
    [InlineData(ErrorCode.PermissionDenied, true, "Error: no\nOperation: op-1\n")]
    [InlineData(ErrorCode.Internal, false, "Error: no\nOperation: op-1\n")]
    public async Task WhenAnErrorHasAnOperation_ItIsShownWhenItHelps(string code, bool verbose, string expected)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", "/api/v1/organizations", code, "no");

        var result = await _cli.Using(server).RunAsync(verbose ? ["org", "list", "--verbose"] : ["org", "list"]);

        Assert.Equal(expected, result.Error);
        Assert.Equal(ErrorStatus.ToExitCode(code), result.ExitCode);
    }

    [Fact]
    public async Task WhenSomethingElseAnswers_TheAddressIsDoubted()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/organizations", context =>
        {
            context.Response.StatusCode = 502;
            return Task.CompletedTask;
        });

        var result = await _cli.Using(server).RunAsync("org", "list");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("not an answer of a Planton control plane", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenAnErrorCarriesEscapeSequences_TheyAreNotObeyed()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", "/api/v1/organizations", ErrorCode.Conflict, "a\u001b]0;title\u0007b\u202Ec");

        var result = await _cli.Using(server).RunAsync("org", "list");

        Assert.Equal("Error: a\\u001b]0;title\\u0007b\\u202ec\n", result.Error);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _planton planton")]
    [InlineData("zsh", "#compdef planton")]
    [InlineData("fish", "complete -f -c planton")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task WhenAShellIsNamed_ItsScriptIsPrinted(string shell, string expected)
    {
        var result = await _cli.RunAsync("completion", shell);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(expected, result.Out, StringComparison.Ordinal);
        Assert.Contains("[suggest:", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenAShellAsks_TheSubcommandsAreSuggested()
    {
        var result = await _cli.RunAsync("[suggest:15]", "planton runner ");

        Assert.Contains("generate-credentials\n", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenNoServerIsConfigured_TheVersionIsTheClientsAlone()
    {
        var result = await _cli.RunAsync("version");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches("^Client: [0-9]+\\.[0-9]+\\.[0-9]+[^\n]*\n$", result.Out);
    }

    [Fact]
    public async Task WhenAServerIsConfigured_BothVersionsAreShown()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/server", Samples.Server());
        _cli.Using(server);

        Assert.EndsWith($"Server: 9.8.7 ({server.Url})\n", (await _cli.RunAsync("version")).Out, StringComparison.Ordinal);
        Assert.Contains("\"server\": \"9.8.7\"", (await _cli.RunAsync("version", "-o", "json")).Out, StringComparison.Ordinal);
        Assert.DoesNotContain("9.8.7", (await _cli.RunAsync("version", "--client")).Out, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();

    private static IEnumerable<Command> Descendants(Command command) =>
        command.Subcommands.SelectMany(child => Descendants(child).Prepend(child));
}
