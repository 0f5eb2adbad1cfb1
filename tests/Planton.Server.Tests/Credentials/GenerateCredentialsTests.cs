using Microsoft.EntityFrameworkCore;
using Planton.Api;
using Planton.Api.Errors;
using Planton.Api.Runners;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.CertificateAuthority;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Credentials;

public abstract class GenerateCredentialsTests(SharedServer shared) : SharedServerTest(shared)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    [Fact]
    public async Task S1_AnUnknownRunnerIsRegistered_AKnownOneIsNot()
    {
        var first = await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation);
        Assert.True(first.Registered);
        var second = await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation);
        Assert.False(second.Registered);
        Assert.Equal(first.Credentials.Metadata!.RunnerId, second.Credentials.Metadata!.RunnerId);
        Assert.Equal(2, (await Admin.GetRunnerAsync(Org, "prod", Cancellation)).ValidCredentials);
        await Admin.RegisterRunnerAsync(Org, "known", Cancellation);
        Assert.False((await Admin.GenerateCredentialsAsync(Org, "known", Cancellation)).Registered);
    }

    [Fact]
    public async Task S4_TheDocumentIsWholeAndValid()
    {
        var document = (await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials;
        Assert.Empty(document.Validate());
        var runner = await Admin.GetRunnerAsync(Org, "prod", Cancellation);
        Assert.Equal((Org, "prod", runner.Id), (document.Metadata!.Organization, document.Metadata.Runner, document.Metadata.RunnerId));
        Assert.Equal($"http://{Server.Http}", document.ControlPlane!.Endpoint);
        Assert.Null(document.ControlPlane.CaCertificates);
        Assert.Equal(Server.Tunnel.ToString(), document.Tunnel!.Endpoint);
        Assert.Equal(Server.Get<CertificateAuthorityService>().TrustBundlePem, document.Tunnel.CaCertificates);
        // Certificates count whole seconds.
        Assert.InRange(document.Metadata.ExpiresAt - document.Metadata.IssuedAt, TimeSpan.FromDays(90) - TimeSpan.FromSeconds(2), TimeSpan.FromDays(90) + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task TheCertificateCarriesTheRunnersIdentityAndNothingElse()
    {
        var document = (await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials;
        using var certificate = document.Certificate();
        var authority = Server.Get<CertificateAuthorityService>();
        Assert.Equal($"spiffe://{authority.TrustDomain}/org/{OrgId}/runner/{document.Metadata!.RunnerId}", certificate.SingleUri());
        Assert.True(certificate.HasPrivateKey);
        var now = TimeProvider.System.GetUtcNow();
        Assert.True(certificate.IsIssuedBy(authority.TrustBundle[0], ClientAuthentication, now));
        Assert.False(certificate.IsIssuedBy(authority.TrustBundle[0], ServerAuthentication, now), "a runner could pose as the gateway");
        Assert.Equal(document.Metadata.ExpiresAt.UtcDateTime, certificate.NotAfter.ToUniversalTime());
    }

    [Fact]
    public async Task APlatformRunnersIdentityNamesNoOrganization()
    {
        var name = UniqueName("shared");
        var document = (await Admin.GenerateCredentialsAsync(null, name, Cancellation)).Credentials;
        Assert.Null(document.Metadata!.Organization);
        using var certificate = document.Certificate();
        Assert.Equal(
            $"spiffe://{Server.Get<CertificateAuthorityService>().TrustDomain}/platform/runner/{document.Metadata.RunnerId}", certificate.SingleUri());
        var caller = await Server.Client(document.ApiKey!).GetCallerAsync(Cancellation);
        Assert.Empty(caller.Organizations);
        Assert.Equal((name, null, null), (caller.Runner!.Name, caller.Runner.Organization, caller.Runner.OrganizationId));
    }

    [Fact]
    public async Task S5_TheRunnersServiceAccountIsMadeOnceAndIsAViewer()
    {
        var first = await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation);
        var second = await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation);
        var caller = await Server.Client(first.Credentials.ApiKey!).GetCallerAsync(Cancellation);
        Assert.Equal(("service-account", "runner-prod"), (caller.Kind, caller.Name));
        Assert.False(caller.PlatformOperator);
        Assert.Equal(RoleName.Viewer, Assert.Single(caller.Organizations).Role);
        Assert.Equal((first.Credentials.Metadata!.RunnerId, "prod", Org), (caller.Runner!.Id, caller.Runner.Name, caller.Runner.Organization));
        Assert.Equal(caller.Id, (await Server.Client(second.Credentials.ApiKey!).GetCallerAsync(Cancellation)).Id);
        Assert.Equal(1, await Server.QueryAsync(context => context.ServiceAccounts.CountAsync(account => account.OrganizationId == OrgId, Cancellation)));
    }

    [Fact]
    public async Task S5_EveryCallMintsAKeyAndACertificate_AndEarlierOnesStayValid()
    {
        var made = new List<RunnerCredentials>();
        for (var round = 0; round < 3; round++)
            made.Add((await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials);
        Assert.Equal(3, made.Select(document => document.ApiKey).Distinct().Count());
        Assert.Equal(3, made.Select(document => document.Tunnel!.PrivateKey).Distinct().Count());
        Assert.Equal(3, made.Select(document => document.Metadata!.Id).Distinct().Count());
        foreach (var document in made)
            Assert.Equal("runner-prod", (await Server.Client(document.ApiKey!).GetCallerAsync(Cancellation)).Name);
        var runnerId = made[0].Metadata!.RunnerId;
        var stored = await Server.QueryAsync(context => context.RunnerCredentials.Where(one => one.RunnerId == runnerId).ToListAsync(Cancellation));
        var certificates = await Server.QueryAsync(context => context.RunnerCertificates.ToListAsync(Cancellation));
        Assert.Equal(3, stored.Count);
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
    public async Task ARunnersOwnKeyReadsItsOrganizationAndDoesNothing()
    {
        await Admin.CreateConnectionAsync(Org, new() { Name = "eks", Kind = "kubernetes" }, Cancellation);
        var runner = Server.Client((await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials.ApiKey!);
        Assert.Single((await runner.ListRunnersAsync(Org, cancellationToken: Cancellation)).Items);
        Assert.Equal("eks", (await runner.GetConnectionAsync(Org, "eks", Cancellation)).Name);
        Func<Task>[] refused =
        [
            () => runner.TestConnectionAsync(Org, "eks", Cancellation),
            () => runner.DeleteConnectionAsync(Org, "eks", Cancellation),
            () => runner.CreateConnectionAsync(Org, new() { Name = "x", Kind = "kubernetes" }, Cancellation),
            () => runner.GenerateCredentialsAsync(Org, "prod", Cancellation),
            () => runner.RegisterRunnerAsync(Org, "other", Cancellation),
            () => runner.DeleteOrganizationAsync(Org, Cancellation),
            () => runner.CreateOrganizationAsync(UniqueName("mine"), Cancellation),
            () => runner.GenerateCredentialsAsync(null, UniqueName("shared"), Cancellation),
        ];
        foreach (var call in refused)
            await Expect.ProblemAsync(ErrorCode.PermissionDenied, call);
    }

    [Fact]
    public async Task TwoAtOnceForANewRunner_OneRegistersAndBothSucceed()
    {
        for (var round = 0; round < 5; round++)
        {
            var name = $"runner-{round}";
            var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Admin.GenerateCredentialsAsync(Org, name, Cancellation)));
            Assert.Single(both, response => response.Registered);
            Assert.Single(both.Select(response => response.Credentials.Metadata!.RunnerId).Distinct());
            Assert.Equal(4, (await Admin.GetRunnerAsync(Org, name, Cancellation)).ValidCredentials);
        }

        Assert.Equal(5, await Server.QueryAsync(context => context.ServiceAccounts.CountAsync(account => account.OrganizationId == OrgId, Cancellation)));
    }

    [Fact]
    public async Task GenerationIsRecordedWithoutASecret()
    {
        var document = (await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials;
        var records = await Server.QueryAsync(context => context.AuditRecords
            .Where(record => record.Action.StartsWith("runner.") && record.OrganizationId == OrgId).OrderBy(record => record.Sequence).ToListAsync(Cancellation));
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
        var problem = await Expect.ProblemAsync(
            ErrorCode.InvalidArgument, () => Admin.GenerateCredentialsAsync(Org, "Prod Runner", Cancellation));
        Assert.Equal("name", Assert.Single(problem.Errors!).Key);
        Assert.Contains(Slug.Rule, problem.Detail, StringComparison.Ordinal);
        Assert.Empty((await Admin.ListRunnersAsync(Org, cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task TheAnswerMayNotBeCached()
    {
        using var client = Server.HttpClient(Server.AdminKey);
        using var response = await client.PostAsync($"api/v1/organizations/{Org}/runners/prod/credentials", null, Cancellation);
        Assert.True(response.Headers.CacheControl!.NoStore);
    }
}

public sealed class GenerateCredentialsTestsOnSqlite(OnSqlite shared) : GenerateCredentialsTests(shared), IClassFixture<OnSqlite>;

public sealed class GenerateCredentialsTestsOnPostgreSql(OnPostgreSql shared) : GenerateCredentialsTests(shared), IClassFixture<OnPostgreSql>;
