namespace Planton.Server.Tests.Authorization;

/// <summary>What one endpoint must answer to whom.</summary>
/// <param name="Endpoint">Method and pattern, as the running server tells them.</param>
/// <param name="Allowed">Who gets past authorization. Of the others, strangers get 404 and the rest 403; nobody without a key gets past 401.</param>
/// <param name="Answer">The status for those who are allowed.</param>
/// <param name="Audited">Whether an allowed call is recorded as well; denials always are.</param>
/// <param name="Body">The JSON to send; <c>NAME</c> stands for a name of the call's own.</param>
internal sealed record EndpointRow(string Endpoint, string[] Allowed, int Answer, bool Audited = false, string? Body = null)
{
    /// <summary>Nothing is asked of whoever calls it.</summary>
    public static readonly string[] Everybody = ["nobody"];

    public bool IsOpen => Allowed == Everybody;

    public bool IsOfOrganization => Endpoint.Contains("{org}", StringComparison.Ordinal);

    public string Method => Endpoint.Split(' ')[0];

    public string PathFor(string organization, string name) => Endpoint.Split(' ')[1]
        .Replace("{org}", organization, StringComparison.Ordinal)
        .Replace("{name}", name, StringComparison.Ordinal)
        .Replace("{user}", name, StringComparison.Ordinal)
        .Replace("{id}", "none", StringComparison.Ordinal)
        .Replace("{connection}", name, StringComparison.Ordinal)
        .Replace("{**path}", "api/v1/pods", StringComparison.Ordinal);
}
