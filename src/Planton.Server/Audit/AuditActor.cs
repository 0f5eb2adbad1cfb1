namespace Planton.Server.Audit;

/// <summary>Who asked.</summary>
internal sealed record AuditActor(string Kind, string Id, string Name, string? ApiKeyId = null)
{
    /// <summary>The control plane itself.</summary>
    public static AuditActor System { get; } = new("system", "", "control plane");

    /// <summary>Somebody who presented nothing that names them.</summary>
    public static AuditActor Anonymous { get; } = new("anonymous", "", "anonymous");
}
