using System.Text.Json;
using Planton.Server.CertificateAuthority;
using Planton.Server.Hosting;
using Planton.Server.Offline;
using Planton.Server.Tests.Credentials;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.CertificateAuthority;

/// <summary>The commands on a server that is running beside them.</summary>
public abstract class RotationTest : RenewalTest
{
    private protected override CertificateOptions Certificates { get; } =
        new() { AuthorityInterval = TimeSpan.FromMilliseconds(100), RotationSpread = TimeSpan.FromSeconds(3) };

    private protected CertificateAuthorityService Authority => Server.Get<CertificateAuthorityService>();

    private protected async Task<IReadOnlyList<AuthorityRow>> RotateAsync()
    {
        var output = new StringWriter();
        Assert.Equal(ServerExit.Ok, await AuthorityRotateCommand.RunAsync(ServerFixture.OptionsIn(Server.Folder), output, Cancelled));
        var rows = Read(output);
        await Expect.EventuallyAsync(
            "the running server has noticed", () => Task.FromResult(Authority.Authorities.OfRunners.Id == rows[^1].Id));
        return rows;
    }

    private protected async Task<(int Exit, string Errors)> RetireAsync(string? id = null, bool force = false)
    {
        var errors = new StringWriter();
        var exit = await AuthorityRetireCommand.RunAsync(ServerFixture.OptionsIn(Server.Folder), id, force, TextWriter.Null, errors, Cancelled);
        return (exit, errors.ToString());
    }

    private protected async Task<IReadOnlyList<AuthorityRow>> ListAsync()
    {
        var output = new StringWriter();
        Assert.Equal(ServerExit.Ok, await AuthorityListCommand.RunAsync(ServerFixture.OptionsIn(Server.Folder), output, Cancelled));
        return Read(output);
    }

    private static List<AuthorityRow> Read(StringWriter output) =>
        [.. JsonSerializer.Deserialize(output.ToString(), OfflineJson.Default.IReadOnlyListAuthorityRow)!];
}
