namespace Planton.Server.Tests.Authorization;

/// <summary>What one endpoint must answer to whom.</summary>
/// <param name="Endpoint">Method and pattern, as the running server tells them.</param>
/// <param name="Allowed">Who gets past authorization. Of the others, strangers get 404, other keys 403, and callers without a valid key 401.</param>
/// <param name="Answer">The status for those who are allowed.</param>
/// <param name="Audited">Whether an allowed call is recorded as well; denials always are.</param>
/// <param name="Body">The JSON to send; <c>NAME</c> stands for a name of the call's own, <c>SHARED</c> for the platform's runner.</param>
internal sealed record EndpointRow(string Endpoint, string[] Allowed, int Answer, bool Audited = false, string? Body = null)
{
    /// <summary>No key is needed.</summary>
    public static readonly string[] Everybody = ["anonymous"];

    public bool IsOpen => Allowed == Everybody;

    public bool IsOfOrganization => Has("{org}");

    /// <summary>Whether what its path names is as before after an allowed call.</summary>
    public bool LeavesItsTarget => Method is "GET" or "HEAD" or "*";

    /// <summary>How it is called: by its method, or in every way where the server takes any.</summary>
    public IReadOnlyList<CallForm> Forms => Method == "*" ? CallForm.All : [new CallForm(Method)];

    private string Method => Endpoint.Split(' ')[0];

    public bool Has(string text) => Endpoint.Contains(text, StringComparison.Ordinal);

    public string PathFor(string organization, EndpointTarget target) => Endpoint.Split(' ')[1]
        .Replace("{org}", organization, StringComparison.Ordinal)
        .Replace("{name}", target.Name, StringComparison.Ordinal)
        .Replace("{user}", target.Name, StringComparison.Ordinal)
        .Replace("{id}", target.Id, StringComparison.Ordinal)
        .Replace("{connection}", target.Name, StringComparison.Ordinal)
        .Replace("{documentName}", "v1", StringComparison.Ordinal)
        .Replace("{**path}", "api/v1/pods", StringComparison.Ordinal);
}
