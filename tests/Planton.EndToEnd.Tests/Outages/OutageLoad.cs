using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Planton.Api.Audit;
using Planton.Api.Client;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Refusals;

namespace Planton.EndToEnd.Tests.Outages;

/// <summary>Clients that write and clients that send operations to a cluster, without a pause, whatever becomes of the database.</summary>
internal sealed class OutageLoad : IAsyncDisposable
{
    private const string Organization = PlantonInstallation.Organization;
    private const string Pods = "kubernetes/default/outage/api/v1/namespaces/default/pods";
    private const int Writers = 3;
    private const int Operators = 2;

    private static readonly TimeSpan PauseOfTheRefused = TimeSpan.FromMilliseconds(100);

    private readonly ServerWithSettings _server;
    private readonly HeldTarget _target;
    private readonly RunnerProgram _runner;
    private readonly CancellationTokenSource _end = new();
    private readonly WrittenVariable[] _variables = [.. Enumerable.Range(0, Writers).Select(number => new WrittenVariable($"v-{number}"))];
    private readonly ConcurrentQueue<string> _operations = new();
    private readonly ConcurrentQueue<string> _refusals = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private List<Task> _clients = [];
    private int _answered;

    private OutageLoad(ServerWithSettings server, HeldTarget target, RunnerProgram runner) => (_server, _target, _runner) = (server, target, runner);

    /// <summary>How many requests were done.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>What was said to those that were not.</summary>
    public IReadOnlyCollection<string> Refusals => _refusals;

    private int Written => _variables.Sum(variable => variable.Count);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts a runner with a target behind it, and the clients.</summary>
    public static async Task<OutageLoad> StartAsync(ServerWithSettings server)
    {
        var made = await server.Api.GenerateCredentialsAsync(Organization, "outage", Token);
        await server.Api.CreateConnectionAsync(Organization, new CreateConnectionRequest { Name = "outage", Kind = "kubernetes", Runner = "outage" }, Token);
        var target = await HeldTarget.StartAsync(HeldAnswer.Watch);
        var kubeconfig = RunnerKubeconfig.Write(server.PathOf("kubeconfig.yaml"), target.Url, "a-token");
        var runner = RunnerProgram.Launch(
            server.Home, CredentialsFile.Write(server.PathOf("credentials.json"), made.Credentials), "--kubeconfig", kubeconfig);
        var load = new OutageLoad(server, target, runner);
        await runner.ReadyAsync();
        load._clients =
        [
            .. Enumerable.Range(0, Writers).Select(number => load.RepeatAsync(turn => load.WriteAsync(load._variables[number], turn))),
            .. Enumerable.Range(0, Operators).Select(_ => load.RepeatAsync(_ => load.OperateAsync())),
        ];
        return load;
    }

    /// <summary>A watch whose first event has come, and which its target holds.</summary>
    public async Task<(HttpResponseMessage Response, Task<int> Next)> WatchAsync()
    {
        var response = await _server.BeginReadAsync(Pods + "?watch=1");
        var stream = await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(Token);
        var buffer = new byte[64 * 1024];
        Assert.NotEqual(0, await stream.ReadAsync(buffer, Token));
        return (response, stream.ReadAsync(buffer, Token).AsTask());
    }

    /// <summary>Waits until more is done than was before.</summary>
    public async Task ProceedsAsync(TimeSpan patience)
    {
        var (written, operations) = (Written, _operations.Count);
        try
        {
            await Eventually.BecomesTrueAsync(() => Written > written + 5 && _operations.Count > operations + 5, "requests are answered", patience, Token);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}; the last refusals: {string.Join("; ", _refusals.TakeLast(3))}\n{_server.Process.Describe()}", exception);
        }
    }

    /// <summary>Waits until somebody is refused with these words.</summary>
    public Task IsRefusedAsync(string reason, TimeSpan patience)
    {
        var before = _refusals.Count;
        return Eventually.BecomesTrueAsync(
            () => _refusals.Skip(before).Any(refusal => refusal.Contains(reason, StringComparison.Ordinal)), $"a request is refused with: {reason}", patience, Token);
    }

    /// <summary>Ends the clients; then everything that was answered is there, and has its record, and so has everything that reached the target.</summary>
    public async Task EndAndCheckAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_clients);
        Assert.True(
            _wrong.IsEmpty,
            $"{string.Join('\n', _wrong)}\n{string.Join('\n', _server.Process.ErrorLines.Where(line => line.Contains(" fail: ", StringComparison.Ordinal)))}");
        var records = await RecordsAsync();
        var allowed = records.Where(record => record.Outcome == "allowed").ToLookup(record => record.OperationId);
        Assert.Empty(_operations.Where(id => allowed[id].Count() != 1));
        var lists = allowed.SelectMany(group => group).Count(record => record.Resource.StartsWith("connection/outage GET", StringComparison.Ordinal));
        Assert.InRange(_target.Requests.Count, 1, lists);
        var stored = (await _server.Api.ListVariablesAsync(Organization, cancellationToken: Token)).Items.ToDictionary(variable => variable.Name);
        foreach (var variable in _variables)
        {
            var puts = records.Count(record => record.Outcome == "allowed" && record.Resource == $"variable/{variable.Name}");
            variable.Check(stored[variable.Name].Value, puts);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_clients);
        await _runner.DisposeAsync();
        await _target.DisposeAsync();
        _end.Dispose();
    }

    private async Task RepeatAsync(Func<int, Task<bool>> once)
    {
        for (var turn = 0; !_end.IsCancellationRequested; turn++)
        {
            try
            {
                if (await once(turn))
                    Interlocked.Increment(ref _answered);
                else
                    await Task.Delay(PauseOfTheRefused, TimeProvider.System, _end.Token);
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The server is gone, or said what it should not.
                _wrong.Enqueue(exception.Message);
                return;
            }
        }
    }

    private async Task<bool> WriteAsync(WrittenVariable variable, int turn)
    {
        try
        {
            await _server.Api.PutVariableAsync(Organization, variable.Name, turn.ToString(CultureInfo.InvariantCulture), cancellationToken: Token);
            variable.Answered(turn);
            return true;
        }
        catch (ApiException refused) when (refused.Problem.Code == ErrorCode.Unavailable)
        {
            if (refused.Problem.Detail.Contains("not known", StringComparison.Ordinal))
                variable.InDoubt(turn);
            _refusals.Enqueue(refused.Problem.Detail);
            return false;
        }
    }

    private async Task<bool> OperateAsync()
    {
        using var response = await _server.BeginReadAsync(Pods);
        var body = await response.Content.ReadAsStringAsync(Token);
        var id = Assert.Single(response.Headers.GetValues("Planton-Operation-Id"));
        if (response.IsSuccessStatusCode)
        {
            _operations.Enqueue(id);
            return true;
        }

        using var status = JsonDocument.Parse(body);
        Assert.Equal(
            ("Status", 503, ErrorCode.Unavailable, "ServiceUnavailable"),
            (status.RootElement.GetProperty("kind").GetString(), (int)response.StatusCode, Assert.Single(response.Headers.GetValues("Planton-Error")),
                status.RootElement.GetProperty("reason").GetString()));
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter?.Delta);
        _refusals.Enqueue(status.RootElement.GetProperty("message").GetString()!);
        return false;
    }

    private async Task<List<AuditRecord>> RecordsAsync()
    {
        var all = new List<AuditRecord>();
        long? before = null;
        do
        {
            var page = await _server.Api.ListAuditAsync(Organization, new AuditQuery { Limit = AuditQuery.MaxLimit, Before = before }, Token);
            all.AddRange(page.Items);
            before = page.Items.Count > 0 ? page.Next : null;
        }
        while (before is not null);
        return all;
    }
}
