using System.Security.Cryptography.X509Certificates;
using Planton.Api.Runners;
using Planton.Runner.Credentials;
using Planton.Runner.Logging;
using Planton.Runner.Startup;
using Planton.Runner.State;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;
using Planton.Tunnel.Runner;

namespace Planton.Runner.Tests;

/// <summary>What a runner finds in its state folder at the next start.</summary>
public sealed class CertificateStateTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _next = new("Next Authority");
    private readonly TemporaryFolder _folder = new();
    private readonly RunnerCredentials _document;

    public CertificateStateTests()
    {
        _document = new TestCredentials(_authority).Document();
        Directory.CreateDirectory(State);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string State => _folder.File("state");

    private string Kept => Directory.GetFiles(State).Single();

    public void Dispose()
    {
        _authority.Dispose();
        _next.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task TheRenewedCertificateAndTheAuthoritiesAreTaken_ForTheApiTooWhereThatIsTheControlPlanesOwn()
    {
        var issued = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        using var renewed = await KeepAsync(issuedAt: issued);

        using var loaded = Load();

        Assert.Null(loaded.StateFault);
        Assert.Equal((renewed.SerialNumber, issued), (loaded.Certificate.SerialNumber, loaded.IssuedAt));
        Assert.True(loaded.Certificate.HasPrivateKey);
        Assert.Equal(2, loaded.TunnelRoots.Count);
        Assert.Equal(2, loaded.ControlPlaneRoots!.Count);
        Assert.Equal("-rw-------", UnixMode(Kept));
        Assert.Empty(Directory.GetFiles(State, "*.tmp"));
    }

    [Fact]
    public async Task AnExpiredDocumentStarts_WhereTheStateIsGood()
    {
        var expired = new TestCredentials(_authority) { ValidFor = TimeSpan.FromHours(-1) }.Document();
        Assert.Equal(ExitCode.Refused, Try(expired).Failure!.ExitCode);
        using var renewed = await KeepAsync(document: expired);
        using var loaded = Try(expired).Value!;
        Assert.Equal(renewed.SerialNumber, loaded.Certificate.SerialNumber);
    }

    [Fact]
    public async Task AnExpiredState_LeavesTheDocumentsCertificate_AndItsOwnAuthorities()
    {
        using var renewed = await KeepAsync(validFor: TimeSpan.FromHours(-1));
        using var loaded = Load();
        Assert.NotEqual(renewed.SerialNumber, loaded.Certificate.SerialNumber);
        Assert.Equal((null, 2), (loaded.StateFault, loaded.TunnelRoots.Count));
    }

    [Fact]
    public async Task AuthoritiesAloneAreKeptWithoutASecondCopyOfTheKey()
    {
        using var own = Load();
        await own.State!.KeepAsync(new TunnelIdentity(own.Certificate, [.. _authority.Roots, .. _next.Roots], default), Cancel);
        Assert.DoesNotContain("PRIVATE KEY", await File.ReadAllTextAsync(Kept, Cancel), StringComparison.Ordinal);
        using var loaded = Load();
        Assert.Equal((own.Certificate.SerialNumber, 2), (loaded.Certificate.SerialNumber, loaded.TunnelRoots.Count));
    }

    [Fact]
    public async Task CredentialsThatWereMadeAnewWinOverAnOlderState()
    {
        using var renewed = await KeepAsync();
        var anew = new TestCredentials(_authority).Document();
        anew = anew with { Metadata = anew.Metadata! with { Id = "cred-2" } };
        using var loaded = Try(anew).Value!;
        Assert.NotEqual(renewed.SerialNumber, loaded.Certificate.SerialNumber);
        Assert.Null(loaded.StateFault);
    }

    [Theory]
    [InlineData("", "is damaged")]
    [InlineData("{", "is damaged")]
    [InlineData("null", "another version")]
    [InlineData("""{"version":2}""", "another version")]
    [InlineData("""{"version":1,"credentialId":"cred-9"}""", "other credentials")]
    [InlineData("""{"version":1,"credentialId":"cred-1"}""", "names no authority")]
    [InlineData("""{"version":1,"credentialId":"cred-1","caCertificates":"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}""", "is damaged")]
    public async Task ADamagedOrForeignStateIsIgnored_AndSaid(string content, string fault)
    {
        using (await KeepAsync())
            await File.WriteAllTextAsync(Kept, content, Cancel);
        using var loaded = Load();
        Assert.Contains(fault, loaded.StateFault, StringComparison.Ordinal);
        Assert.Contains(Kept, loaded.StateFault, StringComparison.Ordinal);
        Assert.Single(loaded.TunnelRoots);
    }

    [Fact]
    public async Task AStateWhoseKeyIsNotItsCertificatesIsIgnored_AndOfAnotherRunnerAsWell()
    {
        using var renewed = await KeepAsync();
        var text = await File.ReadAllTextAsync(Kept, Cancel);
        using var other = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var begin = text.IndexOf("\"privateKey\": \"", StringComparison.Ordinal);
        var swapped = text[..begin] + $"\"privateKey\": {System.Text.Json.JsonSerializer.Serialize(other.ExportPkcs8PrivateKeyPem())},"
            + text[text.IndexOf('\n', begin)..];
        await File.WriteAllTextAsync(Kept, swapped, Cancel);
        using (var loaded = Load())
            Assert.Contains("cannot be read", loaded.StateFault, StringComparison.Ordinal);
        using var stranger = await KeepAsync(identity: TestIdentity.OfOrganization + "x");
        using var mine = Load();
        Assert.Contains("another runner", mine.StateFault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStateThatOthersMayReadIsNotTrusted()
    {
        if (OperatingSystem.IsWindows())
            return;
        using (await KeepAsync())
            File.SetUnixFileMode(Kept, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        using var loaded = Load();
        Assert.Contains($"chmod 600 '{Kept}'", loaded.StateFault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnIdThatIsAPathNamesNoOtherFolder()
    {
        using var certificate = _authority.Client("runner", TestIdentity.OfOrganization.ToString());
        var state = new CertificateState(State, "../../etc/x", certificate);
        await state.KeepAsync(new TunnelIdentity(certificate, _authority.Roots, default), Cancel);
        Assert.Equal(Path.GetFullPath(State), Path.GetDirectoryName(state.Path));
        Assert.Equal(state.Path, Kept);
    }

    private static string UnixMode(string file) =>
        OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite) ? "-rw-------" : "others may";

    private async Task<X509Certificate2> KeepAsync(
        RunnerCredentials? document = null, TimeSpan? validFor = null, DateTimeOffset issuedAt = default, string? identity = null)
    {
        using var own = X509Certificate2.CreateFromPem((document ?? _document).Tunnel!.Certificate);
        var renewed = _authority.Client("runner", identity ?? TestIdentity.OfOrganization.ToString(), validFor ?? TimeSpan.FromHours(12));
        await new CertificateState(State, "cred-1", own).KeepAsync(
            new TunnelIdentity(renewed, [.. _authority.Roots, .. _next.Roots], issuedAt), Cancel);
        return renewed;
    }

    private LoadedCredentials Load() => Try(_document).Value!;

    private Attempt<LoadedCredentials> Try(RunnerCredentials document)
    {
        var file = TestCredentials.Write(_folder.File("credentials.json"), TestCredentials.Json(document));
        return new CredentialsLoader(new CredentialsLocator(_ => null), new SecretMasker(), TimeProvider.System, State).Load(new CredentialsRequest(File: file));
    }
}
