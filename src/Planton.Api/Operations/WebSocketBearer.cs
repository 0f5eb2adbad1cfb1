namespace Planton.Api.Operations;

/// <summary>
/// The subprotocol by which clients that can set no <c>Authorization</c> of a WebSocket, as browsers, present their key:
/// <c>base64url.bearer.authorization.k8s.io.KEY</c>, as a Kubernetes API server takes it.
/// </summary>
public static class WebSocketBearer
{
    /// <summary>The header that lists subprotocols.</summary>
    public const string HeaderName = "Sec-WebSocket-Protocol";

    /// <summary>What is followed by the key in base64url without padding.</summary>
    public const string Prefix = "base64url.bearer.authorization.k8s.io.";

    /// <summary>The subprotocols that present a key, without <see cref="Prefix"/>, and the others, in their order.</summary>
    public static (IReadOnlyList<string> Keys, IReadOnlyList<string> Others) Split(IEnumerable<string?> headerValues)
    {
        ArgumentNullException.ThrowIfNull(headerValues);
        var all = headerValues.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToLookup(protocol => protocol.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase));
        return ([.. all[true].Select(protocol => protocol[Prefix.Length..])], [.. all[false]]);
    }

    /// <summary>Takes the keys out of a request that goes on to a target. What holds none stays as it is.</summary>
    public static void Remove(HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.Headers.NonValidated.TryGetValues(HeaderName, out var values))
            return;
        var (keys, others) = Split(values);
        if (keys.Count == 0)
            return;
        request.Headers.Remove(HeaderName);
        if (others.Count > 0)
            request.Headers.TryAddWithoutValidation(HeaderName, string.Join(", ", others));
    }
}
