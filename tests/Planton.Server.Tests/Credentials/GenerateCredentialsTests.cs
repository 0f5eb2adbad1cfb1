using Microsoft.EntityFrameworkCore;
using Planton.Api;
using Planton.Api.Errors;
using Planton.Api.Runners;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.CertificateAuthority;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Credentials;

public sealed class GenerateCredentialsTests
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S1_AnUnknownRunnerIsRegistered_AKnownOneIsNot()
    {
        await using var server = await ServerFixture.StartAsync();
        var first = await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation);
        Assert.True(first.Registered);
        var second = await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation);
        Assert.False(second.Registered);
        Assert.Equal(first.Credentials.Metadata!.RunnerId, second.Credentials.Metadata!.RunnerId);
        Assert.Equal(2, (await server.Admin.GetRunnerAsync("default", "prod", Cancellation)).ValidCredentials);
        await server.Admin.RegisterRunnerAsync("default", "known", Cancellation);
        Assert.False((await server.Admin.GenerateCredentialsAsync("default", "known", Cancellation)).Registered);
    }

    [Fact]
    public async Task S4_TheDocumentIsWholeAndValid()
    {
        await using var server = await ServerFixture.StartAsync();
        var document = (await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials;
        Assert.Empty(document.Validate());
        var runner = await server.Admin.GetRunnerAsync("default", "prod", Cancellation);
        Assert.Equal(("default", "prod", runner.Id), (document.Metadata!.Organization, document.Metadata.Runner, document.Metadata.RunnerId));
        Assert.Equal($"http://{server.Http}", document.ControlPlane!.Endpoint);
        Assert.Null(document.ControlPlane.CaCertificates);
        Assert.Equal(server.Tunnel.ToString(), document.Tunnel!.Endpoint);
        Assert.Equal(server.Get<CertificateAuthorityService>().TrustBundlePem, document.Tunnel.CaCertificates);
        // Certificates count whole seconds.
        Assert.InRange(document.Metadata.ExpiresAt - document.Metadata.IssuedAt, TimeSpan.FromDays(90) - TimeSpan.FromSeconds(2), TimeSpan.FromDays(90) + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task S4_WhenTheApiIsServedByOurCa_TheDocumentHoldsIt()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { PublicUrl = new Uri("https://127.0.0.1:9443") });
        var document = (await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials;
        Assert.Equal("https://127.0.0.1:9443", document.ControlPlane!.Endpoint);
        Assert.Equal(document.Tunnel!.CaCertificates, document.ControlPlane.CaCertificates);
    }

    [Fact]
    public async Task TheCertificateCarriesTheRunnersIdentityAndNothingElse()
    {
        await using var server = await ServerFixture.StartAsync();
        var document = (await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials;
        using var certificate = document.Certificate();
        var authority = server.Get<CertificateAuthorityService>();
        var organization = await server.DefaultOrganizationIdAsync();
        Assert.Equal($"spiffe://{authority.TrustDomain}/org/{organization}/runner/{document.Metadata!.RunnerId}", certificate.SingleUri());
        Assert.True(certificate.HasPrivateKey);
        var now = TimeProvider.System.GetUtcNow();
        Assert.True(certificate.IsIssuedBy(authority.TrustBundle[0], ClientAuthentication, now));
        Assert.False(certificate.IsIssuedBy(authority.TrustBundle[0], ServerAuthentication, now), "a runner could pose as the gateway");
        Assert.Equal(document.Metadata.ExpiresAt.UtcDateTime, certificate.NotAfter.ToUniversalTime());
    }

    [Fact]
    public async Task APlatformRunnersIdentityNamesNoOrganization()
    {
        await using var server = await ServerFixture.StartAsync();
        var document = (await server.Admin.GenerateCredentialsAsync(null, "shared", Cancellation)).Credentials;
        Assert.Null(document.Metadata!.Organization);
        using var certificate = document.Certificate();
        Assert.Equal(
            $"spiffe://{server.Get<CertificateAuthorityService>().TrustDomain}/platform/runner/{document.Metadata.RunnerId}", certificate.SingleUri());
        var caller = await server.Client(document.ApiKey!).GetCallerAsync(Cancellation);
        Assert.Empty(caller.Organizations);
        Assert.Equal(("shared", null, null), (caller.Runner!.Name, caller.Runner.Organization, caller.Runner.OrganizationId));
    }

    [Fact]
    public async Task S5_TheRunnersServiceAccountIsMadeOnceAndIsAViewer()
    {
        await using var server = await ServerFixture.StartAsync();
        var first = await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation);
        var second = await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation);
        var caller = await server.Client(first.Credentials.ApiKey!).GetCallerAsync(Cancellation);
        Assert.Equal(("service-account", "runner-prod"), (caller.Kind, caller.Name));
        Assert.False(caller.PlatformOperator);
        Assert.Equal(RoleName.Viewer, Assert.Single(caller.Organizations).Role);
        Assert.Equal((first.Credentials.Metadata!.RunnerId, "prod", "default"), (caller.Runner!.Id, caller.Runner.Name, caller.Runner.Organization));
        Assert.Equal(caller.Id, (await server.Client(second.Credentials.ApiKey!).GetCallerAsync(Cancellation)).Id);
        Assert.Equal(1, await server.QueryAsync(context => context.ServiceAccounts.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task S5_EveryCallMintsAKeyAndACertificate_AndEarlierOnesStayValid()
    {
        await using var server = await ServerFixture.StartAsync();
        var made = new List<RunnerCredentials>();
        for (var round = 0; round < 3; round++)
            made.Add((await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials);
        Assert.Equal(3, made.Select(document => document.ApiKey).Distinct().Count());
        Assert.Equal(3, made.Select(document => document.Tunnel!.PrivateKey).Distinct().Count());
        Assert.Equal(3, made.Select(document => document.Metadata!.Id).Distinct().Count());
        foreach (var document in made)
            Assert.Equal("runner-prod", (await server.Client(document.ApiKey!).GetCallerAsync(Cancellation)).Name);
        var stored = await server.QueryAsync(context => context.RunnerCredentials.ToListAsync(Cancellation));
        var certificates = await server.QueryAsync(context => context.RunnerCertificates.ToListAsync(Cancellation));
        foreach (var document in made)
        {
            using var certificate = document.Certificate();
            var row = Assert.Single(stored, credential => credential.Id == document.Metadata!.Id);
            var issued = Assert.Single(certificates, one => one.CredentialId == row.Id);
            Assert.Equal((certificate.SerialNumber, false), (issued.Serial, issued.Renewed));
            Assert.Equal(certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), issued.Sha256);
            Assert.Equal(document.ApiKey!.Substring(4, 12), row.ApiKeyId);
            Assert.Equal(("user", null), (row.CreatedByKind, row.RevokedAt));
        }
    }

    [Fact]
    public async Task S6_KeysAreStoredNowhereAndLoggedNowhere()
    {
        using var folder = new TemporaryFolder();
        var secrets = new List<string>();
        await using (var server = await ServerFixture.StartInAsync(
            folder, options => options with { LogLevel = Microsoft.Extensions.Logging.LogLevel.Trace }))
        {
            secrets.Add(server.AdminKey[16..48]);
            for (var round = 0; round < 2; round++)
            {
                var document = (await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials;
                secrets.Add(document.ApiKey![16..48]);
                secrets.AddRange(document.Tunnel!.PrivateKey!.Split('\n').Where(line => line.Length > 20 && !line.StartsWith('-')));
                await server.Client(document.ApiKey).GetCallerAsync(Cancellation);
            }

            foreach (var secret in secrets)
                Assert.DoesNotContain(secret, server.Log.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("PRIVATE KEY", server.Log.Text, StringComparison.Ordinal);
            SearchFiles(folder, secrets);
        }

        SearchFiles(folder, secrets);
    }

    [Fact]
    public async Task ARunnersOwnKeyReadsItsOrganizationAndDoesNothing()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateConnectionAsync("default", new() { Name = "eks", Kind = "kubernetes" }, Cancellation);
        var runner = server.Client((await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials.ApiKey!);
        Assert.Single((await runner.ListRunnersAsync("default", cancellationToken: Cancellation)).Items);
        Assert.Equal("eks", (await runner.GetConnectionAsync("default", "eks", Cancellation)).Name);
        Func<Task>[] refused =
        [
            () => runner.TestConnectionAsync("default", "eks", Cancellation),
            () => runner.DeleteConnectionAsync("default", "eks", Cancellation),
            () => runner.CreateConnectionAsync("default", new() { Name = "x", Kind = "kubernetes" }, Cancellation),
            () => runner.GenerateCredentialsAsync("default", "prod", Cancellation),
            () => runner.RegisterRunnerAsync("default", "other", Cancellation),
            () => runner.DeleteOrganizationAsync("default", Cancellation),
            () => runner.CreateOrganizationAsync("mine", Cancellation),
            () => runner.GenerateCredentialsAsync(null, "shared", Cancellation),
        ];
        foreach (var call in refused)
            await Expect.ProblemAsync(ErrorCode.PermissionDenied, call);
    }

    [Fact]
    public async Task TwoAtOnceForANewRunner_OneRegistersAndBothSucceed()
    {
        await using var server = await ServerFixture.StartAsync();
        for (var round = 0; round < 5; round++)
        {
            var name = $"runner-{round}";
            var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.Admin.GenerateCredentialsAsync("default", name, Cancellation)));
            Assert.Single(both, response => response.Registered);
            Assert.Single(both.Select(response => response.Credentials.Metadata!.RunnerId).Distinct());
            Assert.Equal(4, (await server.Admin.GetRunnerAsync("default", name, Cancellation)).ValidCredentials);
        }

        Assert.Equal(5, await server.QueryAsync(context => context.ServiceAccounts.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task GenerationIsRecordedWithoutASecret()
    {
        await using var server = await ServerFixture.StartAsync();
        var document = (await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials;
        var records = await server.QueryAsync(context =>
            context.AuditRecords.Where(record => record.Action.StartsWith("runner.")).OrderBy(record => record.Sequence).ToListAsync(Cancellation));
        Assert.Equal([AuditAction.RegisterRunner, AuditAction.GenerateCredentials], records.Select(record => record.Action));
        Assert.Single(records.Select(record => record.OperationId).Distinct());
        var record = records[1];
        Assert.Equal(("runner/prod", AuditOutcome.Allowed, "admin"), (record.Resource, record.Outcome, record.ActorName));
        Assert.Contains(document.Metadata!.Id!, record.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(document.ApiKey![16..48], record.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameThatIsNoSlugRegistersNothing()
    {
        await using var server = await ServerFixture.StartAsync();
        var problem = await Expect.ProblemAsync(
            ErrorCode.InvalidArgument, () => server.Admin.GenerateCredentialsAsync("default", "Prod Runner", Cancellation));
        Assert.Equal("name", Assert.Single(problem.Errors!).Key);
        Assert.Contains(Slug.Rule, problem.Detail, StringComparison.Ordinal);
        Assert.Empty((await server.Admin.ListRunnersAsync("default", cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task TheAnswerMayNotBeCached()
    {
        await using var server = await ServerFixture.StartAsync();
        using var client = server.HttpClient(server.AdminKey);
        using var response = await client.PostAsync("api/v1/organizations/default/runners/prod/credentials", null, Cancellation);
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    private static void SearchFiles(TemporaryFolder folder, List<string> secrets)
    {
        foreach (var file in Directory.EnumerateFiles(folder.Data).Where(file => Path.GetFileName(file) is not ("initial-admin-key" or "lock")))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            var text = reader.ReadToEnd();
            Assert.DoesNotContain("PRIVATE KEY", text, StringComparison.Ordinal);
            Assert.DoesNotContain("pck_", text, StringComparison.Ordinal);
            foreach (var secret in secrets)
                Assert.False(text.Contains(secret, StringComparison.Ordinal), $"a secret is in {Path.GetFileName(file)}");
        }
    }
}
