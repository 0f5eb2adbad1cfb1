using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Planton.EndToEnd.Tests.Rotation;

/// <summary>Clients that send one request after the other through a connection, some with a body, and count what they are answered.</summary>
internal sealed class RequestLoad : IAsyncDisposable
{
    public const int Clients = 16;

    private const string Pods = "api/v1/namespaces/default/pods?limit=3";
    private const string Reviews = "apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    private const string Review = """{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"verb":"get","resource":"pods"}}}""";

    private readonly HttpClient _http;
    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private readonly Task _running;
    private int _count;
    private long _lastFailure;
    private volatile bool _stop;

    public RequestLoad(HttpClient http)
    {
        _http = http;
        _running = Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => SendAsync(client), Token)));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Requests that were answered so far, however.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many were answered with what: <c>ok</c>, or the code of the error.</summary>
    public IReadOnlyDictionary<string, int> Answers => _answers;

    public int Failures => _answers.Where(answer => answer.Key != "ok").Sum(answer => answer.Value);

    /// <summary>When the last failure came (<see cref="Stopwatch.GetTimestamp"/>).</summary>
    public long LastFailure => Interlocked.Read(ref _lastFailure);

    public Task ReachesAsync(int count) =>
        Eventually.BecomesTrueAsync(() => Count >= count || _running.IsFaulted, $"{count} requests are answered", TimeSpan.FromMinutes(5), Token);

    /// <summary>Ends it, when each client has the answer to its last request.</summary>
    public async Task EndAsync()
    {
        _stop = true;
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        _stop = true;
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
    }

    public override string ToString() =>
        $"{Count} requests of {Clients} clients: {string.Join(", ", _answers.OrderBy(answer => answer.Key, StringComparer.Ordinal).Select(answer => $"{answer.Value} {answer.Key}"))}";

    private async Task SendAsync(int client)
    {
        for (var number = client; !_stop; number++)
        {
            using var request = number % 8 == 0
                ? new HttpRequestMessage(HttpMethod.Post, Reviews) { Content = new StringContent(Review, Encoding.UTF8, "application/json") }
                : new HttpRequestMessage(HttpMethod.Get, Pods);
            var answer = await AnswerAsync(request);
            if (answer != "ok")
                Interlocked.Exchange(ref _lastFailure, Stopwatch.GetTimestamp());
            _answers.AddOrUpdate(answer, 1, (_, before) => before + 1);
            Interlocked.Increment(ref _count);
        }
    }

    private async Task<string> AnswerAsync(HttpRequestMessage request)
    {
        try
        {
            using var response = await _http.SendAsync(request, Token);
            if (response.IsSuccessStatusCode)
                return "ok";
            return response.Headers.TryGetValues("Planton-Error", out var codes) ? codes.First() : $"HTTP {(int)response.StatusCode}";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return e.GetType().Name;
        }
    }
}
