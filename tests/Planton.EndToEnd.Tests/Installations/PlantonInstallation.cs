using Planton.Api.Client;
using Planton.Api.Connections;
using Planton.Api.Runners;
using Planton.EndToEnd.Tests.Refusals;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Installations;

/// <summary>A control plane of a test's own, an administrator who is logged in to it, and the runners that the test starts.</summary>
internal sealed class PlantonInstallation : IAsyncDisposable
{
    public const string Organization = "default";

    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _started = [];
    private readonly HttpClient _http = new();

    private PlantonInstallation() => Api = new PlantonApiClient(_http);

    public ServerProgram Server { get; private set; } = null!;

    /// <summary>The control plane's API with the administrator's key: for waiting, where a process for each look costs too much.</summary>
    public PlantonApiClient Api { get; }

    public string Home => _folder.FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// Starts a server whose first start was another's (<see cref="ServerTemplate"/>), and logs the first user in. Two of these have
    /// the same CA and the same first key: <see cref="StartFreshAsync"/> where they must differ.
    /// </summary>
    public static Task<PlantonInstallation> StartAsync(DatabaseKind database = DatabaseKind.Sqlite) => StartAsync(database, fresh: false);

    /// <summary>Starts a server for the first time, with a CA, a trust domain and a first key of its own, and logs the first user in.</summary>
    public static Task<PlantonInstallation> StartFreshAsync(DatabaseKind database = DatabaseKind.Sqlite) => StartAsync(database, fresh: true);

    public string PathOf(string relative) => Path.Combine(Home, relative);

    /// <summary>Environment of the programs: nothing of the developer's own settings reaches them.</summary>
    public Dictionary<string, string?> Variables(params (string Name, string Value)[] more)
    {
        var variables = CleanEnvironment.Variables(Home);
        variables["PLANTON_HOME"] = PathOf("planton-home");
        // Where "planton runner start" finds the runner's program, which a build leaves in another folder than a publish does.
        variables["PATH"] = Path.GetDirectoryName(ProgramFiles.Runner) + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        foreach (var (name, value) in more)
            variables[name] = value;
        return variables;
    }

    /// <summary>Runs <c>planton …</c> to its end.</summary>
    public Task<ProgramResult> PlantonAsync(params string[] arguments) => PlantonWithAsync([], arguments);

    /// <summary>Runs <c>planton …</c> with more in its environment.</summary>
    public Task<ProgramResult> PlantonWithAsync((string Name, string Value)[] environment, params string[] arguments) =>
        ProgramProcess.RunAsync(ProgramFiles.Cli, arguments, Variables(environment), cancellationToken: Token);

    /// <summary>Runs <c>planton …</c>, and fails the test when it does not succeed.</summary>
    public async Task<string> SucceedAsync(params string[] arguments)
    {
        var result = await PlantonAsync(arguments);
        Assert.True(result.ExitCode == 0, $"planton {string.Join(' ', arguments)}: {result}");
        return result.Output;
    }

    /// <summary>Starts <c>planton …</c>; it is killed at dispose.</summary>
    public ProgramProcess StartPlanton(params string[] arguments)
    {
        var process = ProgramProcess.Start(ProgramFiles.Cli, arguments, Variables());
        _started.Add(process);
        return process;
    }

    /// <summary>Makes credentials for a runner, which is registered if need be, and returns the file.</summary>
    public async Task<string> MakeCredentialsAsync(string runner, string organization = Organization)
    {
        var made = await Api.GenerateCredentialsAsync(organization, runner, Token);
        var folder = Directory.CreateDirectory(PathOf(Path.Combine("credentials", organization, runner, Guid.NewGuid().ToString("N"))));
        return CredentialsFile.Write(Path.Combine(folder.FullName, "credentials.json"), made.Credentials);
    }

    /// <summary>Makes credentials for a runner, starts it, and returns when it accepts operations.</summary>
    public async Task<RunnerProgram> StartRunnerAsync(string runner, string kubeconfig, string organization = Organization)
    {
        var program = Own(RunnerProgram.Launch(Home, await MakeCredentialsAsync(runner, organization), "--kubeconfig", kubeconfig));
        await program.ReadyAsync();
        return program;
    }

    /// <summary>Creates a connection to a cluster.</summary>
    public Task ConnectAsync(string connection, string? runner, string organization = Organization) => Api.CreateConnectionAsync(
        organization, new CreateConnectionRequest { Name = connection, Kind = "kubernetes", Runner = runner }, Token);

    /// <summary>Creates an organization of the test's own, and returns its name.</summary>
    public async Task<string> NewOrganizationAsync() => (await Api.CreateOrganizationAsync($"org-{Guid.NewGuid():N}"[..16], Token)).Name;

    /// <summary>Waits until the control plane says of a runner what <paramref name="holds"/> wants to hear.</summary>
    public Task RunnerBecomesAsync(string runner, string what, Func<Runner, bool> holds, TimeSpan timeout) => Eventually.BecomesTrueAsync(
        async () =>
        {
            try
            {
                return holds(await Api.GetRunnerAsync(Organization, runner, Token));
            }
            catch (Exception e) when (e is HttpRequestException or ApiException)
            {
                // The server is between a stop and a start.
                return false;
            }
        },
        $"runner {runner} is {what}",
        timeout,
        Token);

    /// <summary>Ends a program with the installation.</summary>
    public T Own<T>(T program)
        where T : IAsyncDisposable
    {
        _started.Add(program);
        return program;
    }

    public async ValueTask DisposeAsync()
    {
        // Whatever one of them does, the others must not outlive the test.
        try
        {
            await Task.WhenAll(_started.Select(program => program.DisposeAsync().AsTask()));
        }
        finally
        {
            if (Server is not null)
                await Server.DisposeAsync();
            _http.Dispose();
            _folder.Dispose();
        }
    }

    private static async Task<PlantonInstallation> StartAsync(DatabaseKind database, bool fresh)
    {
        var installation = new PlantonInstallation();
        try
        {
            var stored = new ServerData(installation.PathOf("data"), database, Path.GetFileName(installation.Home));
            if (!fresh)
                await ServerTemplate.CopyToAsync(stored);
            installation.Server = await ServerProgram.StartAsync(stored, Token);
            installation._http.BaseAddress = new Uri(installation.Server.Addresses.Http + "/");
            installation._http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(installation.Server.InitialKey);
            var login = await ProgramProcess.RunAsync(
                ProgramFiles.Cli,
                ["auth", "login", "--server", installation.Server.Addresses.Http, "--api-key", "-"],
                installation.Variables(),
                installation.Server.InitialKey + "\n",
                cancellationToken: Token);
            Assert.True(login.ExitCode == 0, login.ToString());
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }
}
