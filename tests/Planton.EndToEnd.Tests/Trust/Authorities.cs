using System.Text.Json;
using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Trust;

/// <summary>One certificate authority, as <c>planton-server ca …</c> prints it.</summary>
internal sealed record AuthorityLine(string Id, string Subject, string State, bool OfServer, int NeededBy);

/// <summary>The server's commands for its authorities.</summary>
internal static class Authorities
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Runs <c>planton-server ca …</c>, which must succeed, and returns the authorities that it prints, oldest first.</summary>
    public static async Task<IReadOnlyList<AuthorityLine>> CaAsync(this ServerProgram server, params string[] arguments)
    {
        var result = await server.RunCommandAsync(["ca", .. arguments]);
        Assert.True(result.ExitCode == 0, $"planton-server ca {string.Join(' ', arguments)}: {result}");
        return JsonSerializer.Deserialize<AuthorityLine[]>(result.Output, Options)!;
    }
}
