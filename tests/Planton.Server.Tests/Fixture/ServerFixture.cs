using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Planton.Api;
using Planton.Api.Client;
using Planton.Server.Connections;
using Planton.Server.Hosting;
using Planton.Server.Quotas;
using Planton.Server.Runners;
using Planton.Server.Storage;
using Planton.Testing.Logging;

namespace Planton.Server.Tests.Fixture;

/// <summary>A whole server in this process: real Kestrel on free ports, a real database and real TLS in a folder of its own.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    private readonly List<HttpClient> _clients = [];
    private readonly bool _ownsFolder;

    private ServerFixture(TemporaryFolder folder, bool ownsFolder, ServerOptions options, Action<WebApplicationBuilder>? configure)
    {
        (Folder, _ownsFolder, IsPostgreSql) = (folder, ownsFolder, options.Database is not null);
        App = ServerApplication.Build(options, builder =>
        {
            builder.Logging.ClearProviders().AddProvider(Log);
            builder.Services.AddSingleton<IRunnerPresence>(Presence);
            builder.Services.AddSingleton<IConnectionTester>(Tester);
            configure?.Invoke(builder);
        });
    }

    public TemporaryFolder Folder { get; }

    public bool IsPostgreSql { get; }

    public WebApplication App { get; }

    public TestLogs Log { get; } = new();

    public FakePresence Presence { get; } = new();

    public FakeTester Tester { get; } = new();

    public HostAndPort Http => App.Services.GetRequiredService<BoundListeners>().Http;

    public HostAndPort Tunnel => App.Services.GetRequiredService<BoundListeners>().Tunnel;

    public Uri Url => new($"http://{Http}/");

    public Uri TlsUrl => new($"https://{Http}/");

    public string AdminKey => File.ReadAllText(Path.Combine(Folder.Data, "initial-admin-key")).Trim();

    public PlantonApiClient Admin => Client(AdminKey);

    /// <summary>
    /// A server of the test's own. Without changes it begins as a copy of <see cref="ServerTemplate"/>, unless
    /// <paramref name="fresh"/> asks for an authority, a trust domain and a first key that no other server of the run has.
    /// </summary>
    public static async Task<ServerFixture> StartAsync(
        Func<ServerOptions, ServerOptions>? change = null,
        Action<WebApplicationBuilder>? configure = null,
        DatabaseKind database = DatabaseKind.Sqlite,
        bool fresh = false)
    {
        var folder = new TemporaryFolder();
        if (!fresh && change is null && configure is null)
            await ServerTemplate.CopyToAsync(folder, database);
        return await StartAsync(folder, true, change, configure, database);
    }

    /// <summary>In a folder that outlives the server, for first starts and restarts.</summary>
    public static Task<ServerFixture> StartInAsync(
        TemporaryFolder folder,
        Func<ServerOptions, ServerOptions>? change = null,
        Action<WebApplicationBuilder>? configure = null,
        DatabaseKind database = DatabaseKind.Sqlite) =>
        StartAsync(folder, false, change, configure, database);

    public static ServerOptions OptionsIn(TemporaryFolder folder, DatabaseKind database = DatabaseKind.Sqlite) => new()
    {
        DataDirectory = folder.Data,
        Database = TestDatabase.Of(folder, database),
        Http = new HostAndPort("127.0.0.1", 0),
        Tunnel = new HostAndPort("127.0.0.1", 0),
        DrainTimeout = TimeSpan.FromSeconds(5),
        Quotas = Quotas,
    };

    /// <summary>The server's own, but for what all tests of a class have together: the first user, and the address that they come from.</summary>
    public static QuotaOptions Quotas { get; } = new()
    {
        CallerRequestsPerSecond = 1_000_000,
        CallerRequestBurst = 1_000_000,
        OrganizationRequestsPerSecond = 1_000_000,
        OrganizationRequestBurst = 1_000_000,
        AddressAuthenticationFailures = 1_000_000,
    };

    /// <summary>Forgets what an earlier test of the class logged and set, when the server is shared. Fails for an error that was logged since.</summary>
    public void BeginTest()
    {
        Presence.Clear();
        Tester.Test = FakeTester.Passes;
        try
        {
            Log.AssertNoUnexpectedErrors();
        }
        finally
        {
            Log.Clear();
        }
    }

    public PlantonApiClient Client(string apiKey) => new(HttpClient(apiKey));

    public HttpClient HttpClient(string? apiKey = null)
    {
        var client = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(30) };
        if (apiKey is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        _clients.Add(client);
        return client;
    }

    public async Task<TcpClient> ConnectAsync()
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(Http.Host, Http.Port, TestContext.Current.CancellationToken);
        return tcp;
    }

    /// <summary>Reads or changes what the server stored, behind its back.</summary>
    public async Task<T> QueryAsync<T>(Func<ControlPlaneContext, Task<T>> query)
    {
        await using var context = await App.Services.GetRequiredService<IDbContextFactory<ControlPlaneContext>>()
            .CreateDbContextAsync(TestContext.Current.CancellationToken);
        return await query(context);
    }

    public T Get<T>()
        where T : notnull =>
        App.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
        if (_ownsFolder)
            Folder.Dispose();
        Log.AssertNoUnexpectedErrors();
    }

    private static async Task<ServerFixture> StartAsync(
        TemporaryFolder folder, bool ownsFolder, Func<ServerOptions, ServerOptions>? change, Action<WebApplicationBuilder>? configure, DatabaseKind database)
    {
        var options = OptionsIn(folder, database);
        var fixture = new ServerFixture(folder, ownsFolder, change?.Invoke(options) ?? options, configure);
        try
        {
            await fixture.App.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            await fixture.App.DisposeAsync();
            throw;
        }

        return fixture;
    }
}
