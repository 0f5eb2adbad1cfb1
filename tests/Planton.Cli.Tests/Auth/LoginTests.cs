using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Planton.Api.Errors;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Auth;

public sealed class LoginTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenTheKeyComesOnStandardInput_ItIsCheckedAndStoredForTheOwnerAlone()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/me", Samples.Caller("acme"));
        _cli.Input = FakeControlPlane.ApiKey + "\n";

        var result = await _cli.RunAsync("auth", "login", "--server", server.Url, "--api-key", "-");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("", result.Out);
        Assert.Contains($"Logged in to {server.Url} as ada.", result.Error, StringComparison.Ordinal);
        Assert.Contains("Organization: acme", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeControlPlane.ApiKey, result.Error, StringComparison.Ordinal);
        var request = Assert.Single(server.Requests);
        Assert.Equal($"Bearer {FakeControlPlane.ApiKey}", request.Authorization);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(_cli.ConfigFile));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(_cli.PlantonHome));
        Assert.Contains(FakeControlPlane.ApiKey, await File.ReadAllTextAsync(_cli.ConfigFile, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheServerRefusesTheKey_NothingIsStored()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", "/api/v1/me", ErrorCode.Unauthenticated, "the API key was revoked", "Make a new one.");

        var result = await _cli.RunAsync("auth", "login", "--server", server.Url, "--api-key", FakeControlPlane.ApiKey);

        Assert.Equal(4, result.ExitCode);
        Assert.Equal("Error: the API key was revoked\nHint: Make a new one.\n", result.Error);
        Assert.False(File.Exists(_cli.ConfigFile));
    }

    [Fact]
    public async Task WhenTheCallerHasTwoOrganizations_NoneIsChosen()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/me", Samples.Caller("acme", "beta"));

        var result = await _cli.RunAsync("auth", "login", "--server", server.Url, "--api-key", FakeControlPlane.ApiKey);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("planton context set --org ORG", result.Error, StringComparison.Ordinal);
        Assert.Contains("\"server\"", (await _cli.RunAsync("context", "get", "-o", "json")).Out, StringComparison.Ordinal);
        Assert.DoesNotContain("organization", (await _cli.RunAsync("context", "get", "-o", "json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenSomebodySitsThere_TheKeyIsAskedForAndNotShown()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/me", Samples.Caller("acme"));
        _cli.Interactive = true;
        _cli.HiddenInput = FakeControlPlane.ApiKey;

        var result = await _cli.RunAsync("auth", "login", "--server", server.Url);

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("API key (not shown): ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeControlPlane.ApiKey, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenNobodySitsThereAndNoKeyIsGiven_TheWayIsSaid()
    {
        var result = await _cli.RunAsync("auth", "login", "--server", "http://127.0.0.1:1");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("browser is not available yet", result.Error, StringComparison.Ordinal);
        Assert.Contains("--api-key -", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hunter2")]
    [InlineData("pck_two words")]
    [InlineData("")]
    public async Task WhenTheKeyCannotBeOne_ItIsNotSent(string key)
    {
        await using var server = await FakeControlPlane.StartAsync();
        _cli.Input = key + "\n";

        var result = await _cli.RunAsync("auth", "login", "--server", server.Url, "--api-key", "-");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("not an API key", result.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("ftp://planton.example.com")]
    [InlineData("planton.example.com")]
    [InlineData("https://user:pass@planton.example.com")]
    [InlineData("https://planton.example.com/?x=1")]
    public async Task WhenTheAddressIsNoServers_ItIsAUsageError(string address)
    {
        var result = await _cli.RunAsync("auth", "login", "--server", address, "--api-key", FakeControlPlane.ApiKey);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("is not a server's address", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenNoServerIsGiven_ItIsAUsageError()
    {
        var result = await _cli.RunAsync("auth", "login", "--api-key", FakeControlPlane.ApiKey);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("Error: no server is given\nHint: planton auth login --server URL\n", result.Error);
    }

    [Fact]
    public async Task WhenTheCaFileHoldsNoCertificate_ItIsRefused()
    {
        var file = _cli.PathOf("ca.pem");
        await File.WriteAllTextAsync(file, "not a certificate", TestContext.Current.CancellationToken);

        var result = await _cli.RunAsync("auth", "login", "--server", "https://127.0.0.1:1", "--ca-file", file, "--api-key", FakeControlPlane.ApiKey);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("not a PEM certificate", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheServerHasAPrivateAuthority_ItIsTrustedWithItsFileAndRefusedWithout()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=private", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        await using var server = await FakeControlPlane.StartAsync(certificate);
        server.On("GET", "/api/v1/me", Samples.Caller("acme"));
        var file = _cli.PathOf("ca.pem");
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);

        var refused = await _cli.RunAsync("auth", "login", "--server", server.Url, "--api-key", FakeControlPlane.ApiKey);
        var trusted = await _cli.RunAsync("auth", "login", "--server", server.Url, "--ca-file", file, "--api-key", FakeControlPlane.ApiKey);
        File.Delete(file);
        var later = await _cli.RunAsync("auth", "who", "-o", "name");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("is not trusted", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--ca-file", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, trusted.ExitCode);
        Assert.Equal("user/ada\n", later.Out);
    }

    [Fact]
    public async Task WhenLoggedInToTwoServers_EachKeepsItsKeyAndTheLastIsCurrent()
    {
        await using var first = await FakeControlPlane.StartAsync();
        await using var second = await FakeControlPlane.StartAsync();
        first.On("GET", "/api/v1/me", Samples.Caller("acme"));
        second.On("GET", "/api/v1/me", Samples.Caller("beta"));
        await _cli.RunAsync("auth", "login", "--server", first.Url, "--api-key", "pck_first");
        await _cli.RunAsync("auth", "login", "--server", second.Url, "--api-key", "pck_second");

        await _cli.RunAsync("auth", "who");
        await _cli.RunAsync("auth", "who", "--server", first.Url);

        Assert.Equal("Bearer pck_second", second.Requests.Last().Authorization);
        Assert.Equal("Bearer pck_first", first.Requests.Last().Authorization);
        Assert.Equal(2, (await _cli.RunAsync("context", "list", "-o", "name")).Out.Count(c => c == '\n'));
    }

    [Fact]
    public async Task WhenLoggedOut_TheKeyIsGoneAndCommandsSayHowToLogIn()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/me", Samples.Caller("acme"));
        await _cli.RunAsync("auth", "login", "--server", server.Url, "--api-key", FakeControlPlane.ApiKey);

        var logout = await _cli.RunAsync("auth", "logout");
        var who = await _cli.RunAsync("auth", "who");

        Assert.Equal(0, logout.ExitCode);
        Assert.Contains("stays valid until it is revoked", logout.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("pck_", await File.ReadAllTextAsync(_cli.ConfigFile, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(4, who.ExitCode);
        Assert.Contains($"planton auth login --server {server.Url}", who.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenNobodyIsLoggedIn_LoggingOutIsNoError()
    {
        var result = await _cli.RunAsync("auth", "logout");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("Not logged in.\n", result.Error);
    }

    [Fact]
    public async Task WhenAskedWhoIAm_TheTableShowsOrganizationsAndRoles()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/me", Samples.Caller("acme", "beta"));

        var result = await _cli.Using(server).RunAsync("auth", "who");

        Assert.Equal(
            $"""
            NAME   KIND   SERVER{new string(' ', server.Url.Length - 3)}API KEY   PLATFORM OPERATOR
            ada    user   {server.Url}   k1        no

            ORGANIZATION   ROLE
            acme           owner
            beta           owner

            """,
            result.Out);
    }

    public void Dispose() => _cli.Dispose();
}
