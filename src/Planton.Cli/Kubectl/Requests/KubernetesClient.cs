using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Planton.Cli.Data.Json;

namespace Planton.Cli.Kubectl.Requests;

/// <summary>Reads from the Kubernetes API behind a connection, which is named as the proxy's path has it: <c>NAME</c>, <c>NAME@ENV</c>, <c>-</c>.</summary>
internal sealed class KubernetesClient(HttpClient http, string organization, string connection, TimeProvider clock)
{
    public const string JsonAccept = "application/json";
    public const string TableAccept =
        "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

    /// <summary>An object larger than this is refused rather than held in memory.</summary>
    private const int MaxAnswerBytes = 512 * 1024 * 1024;
    private const int MaxEventBytes = 32 * 1024 * 1024;

    /// <summary>For one whole answer; a watch has none.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(2);

    private readonly string _root = $"kubernetes/{Uri.EscapeDataString(organization)}/{string.Join('@', connection.Split('@').Select(Uri.EscapeDataString))}/";

    /// <summary>Where this API is; discovery is cached by it.</summary>
    public string Address => new Uri(http.BaseAddress!, _root).AbsoluteUri;

    public async Task<KubernetesAnswer> GetAsync(string path, string accept, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(AnswerTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var response = await SendAsync(path, accept, either.Token).ConfigureAwait(false);
        await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, either.Token).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
            return KubernetesAnswer.Of(KubernetesErrorReader.Read(response, body));
        try
        {
            return KubernetesAnswer.Of(JsonDataReader.Read(body));
        }
        catch (JsonException)
        {
            return KubernetesAnswer.Of(new KubernetesError { Message = $"the answer to {path} is not JSON" });
        }
    }

    /// <summary>Yields the events of a watch until the server ends it; an error is the last thing it yields.</summary>
    public async IAsyncEnumerable<KubernetesAnswer> WatchAsync(
        string path, string accept, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await SendAsync(path, accept, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            yield return KubernetesAnswer.Of(KubernetesErrorReader.Read(response, body));
            yield break;
        }

        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var lines = new BoundedLineReader(stream, MaxEventBytes);
        while (true)
        {
            var (line, error) = await ReadEventAsync(lines, response, cancellationToken).ConfigureAwait(false);
            if (error is null && line is null)
                yield break;
            if (line is { Length: 0 })
                continue;
            var received = line is null ? KubernetesAnswer.Of(error!) : Parse(line);
            yield return received;
            if (received.Error is not null)
                yield break;
        }
    }

    /// <summary>The next line, or why there is none; neither at the end.</summary>
    private static async Task<(byte[]? Line, KubernetesError? Error)> ReadEventAsync(
        BoundedLineReader lines, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return (await lines.ReadAsync(cancellationToken).ConfigureAwait(false), null);
        }
        catch (InvalidDataException)
        {
            return (null, new KubernetesError { Message = "an event of the watch is too large, or cannot be unpacked" });
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            return (null, KubernetesErrorReader.FromBrokenWatch(response));
        }
    }

    private static KubernetesAnswer Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return KubernetesAnswer.Of(JsonDataReader.Read(line));
        }
        catch (JsonException)
        {
            return KubernetesAnswer.Of(new KubernetesError { Message = "an event of the watch is not JSON" });
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string accept, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _root + path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }
}
