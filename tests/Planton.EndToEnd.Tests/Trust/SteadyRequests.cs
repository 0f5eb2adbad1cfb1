using System.Net;
using Planton.Api.Client;
using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Trust;

/// <summary>Requests through a connection, one after the other, none of which may fail.</summary>
internal sealed class SteadyRequests : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly string _path;
    private Task _sending = Task.CompletedTask;
    private int _answered;

    private SteadyRequests(PlantonInstallation installation, string connection)
    {
        _http.BaseAddress = new Uri(installation.Server.Addresses.Http + "/");
        _http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(installation.Server.InitialKey);
        _path = $"kubernetes/{PlantonInstallation.Organization}/{connection}/api/v1/namespaces?limit=1";
    }

    public static SteadyRequests Start(PlantonInstallation installation, string connection)
    {
        var requests = new SteadyRequests(installation, connection);
        requests._sending = requests.SendAsync();
        return requests;
    }

    /// <summary>Waits until some more were answered.</summary>
    public async Task SomeMoreAsync()
    {
        var wanted = Volatile.Read(ref _answered) + 20;
        await Eventually.BecomesTrueAsync(
            () => Volatile.Read(ref _answered) >= wanted || _sending.IsCompleted, "requests are answered", cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Ends them, and fails the test when one had failed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _sending;
        }
        finally
        {
            _http.Dispose();
            _stop.Dispose();
        }
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                using var answer = await _http.GetAsync(new Uri(_path, UriKind.Relative), _stop.Token);
                var text = await answer.Content.ReadAsStringAsync(_stop.Token);
                Assert.True(answer.StatusCode == HttpStatusCode.OK, $"request {_answered}: {(int)answer.StatusCode} {text}");
                Interlocked.Increment(ref _answered);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test has enough of them.
        }
    }
}
