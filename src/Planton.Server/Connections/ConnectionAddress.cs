using Planton.Server.Environments;

namespace Planton.Server.Connections;

/// <summary>
/// How a request names its connection: <c>NAME</c>, or <c>NAME@ENVIRONMENT</c>; <c>-</c> in place of the name is the default
/// connection. Neither sign can be in a name.
/// </summary>
/// <param name="Name">Null for the default connection.</param>
/// <param name="Environment">Null for the organization as a whole.</param>
internal sealed record ConnectionAddress(string? Name, string? Environment)
{
    private const string Default = "-";
    private const char Separator = '@';

    /// <summary>For the audit trail, also before it is known whether they exist.</summary>
    public string Resource => OrganizationScope.Resource(Environment, $"connection/{Name ?? Default}");

    public static ConnectionAddress Parse(string segment)
    {
        var parts = segment.Split(Separator, 2);
        return new ConnectionAddress(parts[0] == Default ? null : parts[0], parts.Length == 2 ? parts[1] : null);
    }
}
