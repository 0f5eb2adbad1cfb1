using System.Text.Json;
using Planton.Api;
using Planton.Api.Client;
using Planton.Api.Server;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Installations;

/// <summary>A control plane that a test starts with settings of its own, and a command line that is logged in to it.</summary>
internal sealed class ServerWithSettings : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly string[] _arguments;
    private readonly Dictionary<string, string?> _variables;

    private ServerWithSettings(string? data, string[] arguments, (string Name, string Value)[] environment)
    {
        _arguments = arguments;
        Data = data ?? PathOf("data");
        _variables = CleanEnvironment.Variables(_folder.FullName);
        foreach (var (name, value) in environment)
            _variables[name] = value;
        Api = new PlantonApiClient(_http);
    }

    public ProgramProcess Process { get; private set; } = null!;

    public ServerAddresses Addresses { get; private set; } = null!;

    /// <summary>The API with the first user's key.</summary>
    public PlantonApiClient Api { get; }

    public string Home => _folder.FullName;

    /// <summary>The folder behind <c>--data</c>.</summary>
    public string Data { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts a server on free ports of an address, and logs the first user in.</summary>
    public static Task<ServerWithSettings> StartAsync(string address, string[] arguments, params (string Name, string Value)[] environment) =>
        StartInAsync(null, address, arguments, environment);

    /// <summary>The same, with its data in a folder that a test has prepared.</summary>
    public static async Task<ServerWithSettings> StartInAsync(
        string? data, string address, string[] arguments, params (string Name, string Value)[] environment)
    {
        var server = new ServerWithSettings(data, arguments, environment);
        try
        {
            await server.StartAsync($"{address}:0", $"{address}:0");
            var key = (await File.ReadAllTextAsync(Path.Combine(server.Data, "initial-admin-key"), Token)).Trim();
            server._http.BaseAddress = new Uri(server.Addresses.Http + "/");
            server._http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(key);
            var login = await ProgramProcess.RunAsync(
                ProgramFiles.Cli, ["auth", "login", "--server", server.Addresses.Http, "--api-key", "-"], server._variables, key + "\n", cancellationToken: Token);
            Assert.True(login.ExitCode == 0, login.ToString());
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public string PathOf(string relative) => Path.Combine(Home, relative);

    /// <summary>What <c>/healthz/ready</c> answers; 0 when nothing does.</summary>
    public async Task<int> ReadinessAsync() => (await ReadAsync("healthz/ready")).Status;

    /// <summary>Gets a path with the first user's key: status 0 when nothing answers.</summary>
    public async Task<(int Status, string Body)> ReadAsync(string path)
    {
        try
        {
            using var response = await _http.GetAsync(path, Token);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Token));
        }
        catch (HttpRequestException)
        {
            return (0, "");
        }
    }

    /// <summary>The same, with everything of the answer; its body may go on.</summary>
    public Task<HttpResponseMessage> BeginReadAsync(string path) => _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Token);

    /// <summary>Runs <c>planton …</c> to its end.</summary>
    public Task<ProgramResult> PlantonAsync(params string[] arguments) =>
        ProgramProcess.RunAsync(ProgramFiles.Cli, arguments, _variables, cancellationToken: Token);

    /// <summary>Runs <c>planton …</c>, and fails the test when it does not succeed.</summary>
    public async Task<string> SucceedAsync(params string[] arguments)
    {
        var result = await PlantonAsync(arguments);
        Assert.True(result.ExitCode == 0, $"planton {string.Join(' ', arguments)}: {result}");
        return result.Output;
    }

    public async ValueTask DisposeAsync()
    {
        if (Process is not null)
            await Process.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private async Task StartAsync(string http, string tunnel)
    {
        Process = ProgramProcess.Start(
            ProgramFiles.Server, ["--http", http, "--tunnel", tunnel, "--data", Data, "--drain-timeout", "3", .. _arguments], _variables);
        var file = Path.Combine(Data, "addresses.json");
        try
        {
            await Eventually.BecomesTrueAsync(IsReady, "the server writes addresses.json", StartTimeout, Token);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{Process.Describe()}", exception);
        }

        bool IsReady()
        {
            if (Process.HasExited)
                throw new InvalidOperationException($"the server ended at once\n{Process.Describe()}");
            if (!File.Exists(file))
                return false;
            Addresses = JsonSerializer.Deserialize(File.ReadAllBytes(file), PlantonJson.Default.ServerAddresses)!;
            // The file of a server that was killed stays until the next one is up.
            return Addresses.Pid == Process.Id;
        }
    }
}
