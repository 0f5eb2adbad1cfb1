using System.Text.Json;
using Planton.Server.CertificateAuthority;
using Planton.Server.Hosting;
using Planton.Server.Offline;
using Planton.Server.Tests.Credentials;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.CertificateAuthority;

/// <summary>The commands beside a running server, which each test has for itself: it changes whom the whole platform trusts.</summary>
public abstract class RotationTest : RenewalTest
{
    private readonly CertificateServer _own;
    private readonly DatabaseKind _database;

    private protected RotationTest(DatabaseKind database, TimeSpan rotationSpread)
        : this(new CertificateServer(
            database, new CertificateOptions { AuthorityInterval = TimeSpan.FromMilliseconds(100), RotationSpread = rotationSpread })) =>
        _database = database;

    private RotationTest(CertificateServer own)
        : base(own) =>
        _own = own;

    private protected CertificateAuthorityService Authority => Server.Get<CertificateAuthorityService>();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _own.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<IReadOnlyList<AuthorityRow>> RotateAsync()
    {
        var output = new StringWriter();
        Assert.Equal(ServerExit.Ok, await AuthorityRotateCommand.RunAsync(ServerFixture.OptionsIn(Server.Folder, _database), output, Cancellation));
        var rows = Read(output);
        await Eventually.BecomesTrueAsync(
            () => Authority.Authorities.OfRunners.Id == rows[^1].Id, "the running server has noticed", cancellationToken: Cancellation);
        return rows;
    }

    private protected async Task<(int Exit, string Errors)> RetireAsync(string? id = null, bool force = false)
    {
        var errors = new StringWriter();
        var exit = await AuthorityRetireCommand.RunAsync(ServerFixture.OptionsIn(Server.Folder, _database), id, force, TextWriter.Null, errors, Cancellation);
        return (exit, errors.ToString());
    }

    private protected async Task<IReadOnlyList<AuthorityRow>> ListAsync()
    {
        var output = new StringWriter();
        Assert.Equal(ServerExit.Ok, await AuthorityListCommand.RunAsync(ServerFixture.OptionsIn(Server.Folder, _database), output, Cancellation));
        return Read(output);
    }

    private static List<AuthorityRow> Read(StringWriter output) =>
        [.. JsonSerializer.Deserialize(output.ToString(), OfflineJson.Default.IReadOnlyListAuthorityRow)!];
}
