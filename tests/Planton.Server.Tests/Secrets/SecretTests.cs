using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Secrets;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Secrets;

public abstract class SecretTests(SharedServer shared) : SharedServerTest(shared)
{
    [Fact]
    public async Task ASecretIsWrittenShownRevealedListedAndDeleted()
    {
        var made = await PutAsync("db", ("user", "kim"), ("password", "hunter2"));
        Assert.Equal(("db", Org, (string?)null, 1), (made.Name, made.Organization, made.Environment, made.Version));
        Assert.Equal(["password", "user"], made.Keys);
        var values = await Admin.RevealSecretAsync(Org, "db", cancellationToken: Cancellation);
        Assert.Equal(("db", 1, "hunter2", "kim"), (values.Name, values.Version, values.Values["password"], values.Values["user"]));
        Assert.Equal(2, values.Values.Count);
        await Admin.PutSecretAsync(Org, "token", new PutSecretRequest { Value = "t" }, cancellationToken: Cancellation);
        var list = await Admin.ListSecretsAsync(Org, cancellationToken: Cancellation);
        Assert.Equal(["db", "token"], list.Items.Select(secret => secret.Name));
        Assert.Equal([PutSecretRequest.SingleKey], list.Items[1].Keys);
        await Admin.DeleteSecretAsync(Org, "db", cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.GetSecretAsync(Org, "db", cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.RevealSecretAsync(Org, "db", cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.DeleteSecretAsync(Org, "db", cancellationToken: Cancellation));
        Assert.Equal(1, await Server.QueryAsync(context => context.SecretVersions.CountAsync(
            version => context.Secrets.Any(secret => secret.Id == version.SecretId && secret.OrganizationId == OrgId), Cancellation)));
    }

    [Fact]
    public async Task EachWriteIsAVersion_AndEarlierOnesCanBeRead()
    {
        await PutAsync("db", ("password", "one"));
        await PutAsync("db", ("password", "two"), ("port", "5432"));
        var secret = await Admin.GetSecretAsync(Org, "db", cancellationToken: Cancellation);
        Assert.Equal(2, secret.Version);
        Assert.Equal([2, 1], secret.Versions!.Select(version => version.Version));
        Assert.Equal(["password", "port"], secret.Versions![0].Keys);
        Assert.Equal(["password"], secret.Versions[1].Keys);
        Assert.All(secret.Versions, version => Assert.Equal("admin", version.CreatedBy));
        Assert.Equal("one", (await Admin.RevealSecretAsync(Org, "db", 1, cancellationToken: Cancellation)).Values["password"]);
        Assert.Equal("two", (await Admin.RevealSecretAsync(Org, "db", cancellationToken: Cancellation)).Values["password"]);
        var problem = await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.RevealSecretAsync(Org, "db", 3, cancellationToken: Cancellation));
        Assert.Contains("the newest is 2", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfMoreThan100VersionsTheOldestGo()
    {
        for (var number = 1; number <= PutSecretRequest.MaxVersions + 2; number++)
            await PutAsync("db", ("n", $"{number}"));
        var versions = (await Admin.GetSecretAsync(Org, "db", cancellationToken: Cancellation)).Versions!;
        Assert.Equal(Enumerable.Range(3, PutSecretRequest.MaxVersions).Reverse(), versions.Select(version => version.Version));
        await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.RevealSecretAsync(Org, "db", 2, cancellationToken: Cancellation));
        Assert.Equal("3", (await Admin.RevealSecretAsync(Org, "db", 3, cancellationToken: Cancellation)).Values["n"]);
    }

    [Fact]
    public async Task AnEnvironmentHasSecretsOfItsOwn()
    {
        await Admin.CreateEnvironmentAsync(Org, "staging", Cancellation);
        await PutAsync("db", ("p", "everywhere"));
        await Admin.PutSecretAsync(Org, "db", new PutSecretRequest { Value = "here" }, "staging", Cancellation);
        Assert.Equal("everywhere", (await Admin.RevealSecretAsync(Org, "db", cancellationToken: Cancellation)).Values["p"]);
        var own = await Admin.RevealSecretAsync(Org, "db", environment: "staging", cancellationToken: Cancellation);
        Assert.Equal(("here", "staging"), (own.Values[PutSecretRequest.SingleKey], own.Environment));
        Assert.Equal([null, "staging"], (await Admin.ListSecretsAsync(Org, cancellationToken: Cancellation)).Items.Select(s => s.Environment));
        Assert.Equal(["staging"], (await Admin.ListSecretsAsync(Org, "staging", Cancellation)).Items.Select(s => s.Environment));
        var problem = await Expect.ProblemAsync(ErrorCode.NotFound, () => PutInAsync("stagin"));
        Assert.Contains("no environment \"stagin\"", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("Did you mean staging?", problem.Hint, StringComparison.Ordinal);
        await Admin.DeleteSecretAsync(Org, "db", "staging", Cancellation);
        Assert.Single((await Admin.ListSecretsAsync(Org, cancellationToken: Cancellation)).Items);

        Task PutInAsync(string environment) =>
            Admin.PutSecretAsync(Org, "db", new PutSecretRequest { Value = "x" }, environment, Cancellation);
    }

    [Fact]
    public async Task WhoReadAndWroteWhichVersionIsRecorded_WithoutAnyValue()
    {
        await PutAsync("db", ("password", "hunter2-in-no-record"));
        await PutAsync("db", ("password", "hunter3-in-no-record"));
        await Admin.RevealSecretAsync(Org, "db", 1, cancellationToken: Cancellation);
        var records = await Server.QueryAsync(context => context.AuditRecords
            .Where(record => record.OrganizationId == OrgId && record.Resource == "secret/db")
            .OrderBy(record => record.Sequence).ToListAsync(Cancellation));
        Assert.Equal(
            [(AuditAction.PutSecret, "version 1"), (AuditAction.PutSecret, "version 2"), (AuditAction.RevealSecret, "version 1")],
            records.Select(record => (record.Action, record.Detail)));
        Assert.DoesNotContain("in-no-record", Server.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            await Server.QueryAsync(context => context.AuditRecords.Select(record => record.Detail + record.Resource).ToListAsync(Cancellation)),
            text => text.Contains("in-no-record", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AViewerSeesNamesAndNoValues_AndTheTryIsRecorded()
    {
        await PutAsync("db", ("password", "hunter2"));
        var kim = Server.Client(await AddUserAsync(RoleName.Viewer));
        Assert.Equal(["password"], (await kim.GetSecretAsync(Org, "db", cancellationToken: Cancellation)).Keys);
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.RevealSecretAsync(Org, "db", cancellationToken: Cancellation));
        Assert.Equal(AuditOutcome.Denied, await Server.QueryAsync(context => context.AuditRecords
            .Where(record => record.OrganizationId == OrgId && record.Action == AuditAction.RevealSecret).Select(record => record.Outcome).SingleAsync(Cancellation)));
    }

    [Fact]
    public async Task ManyWritersOfOneSecretGetVersionsOfTheirOwn()
    {
        var written = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => PutAsync("db", ("n", $"{number}"))));
        Assert.Equal(Enumerable.Range(1, 20), written.Select(secret => secret.Version).Order());
        Assert.Single((await Admin.ListSecretsAsync(Org, cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task AnOrganizationThatHasSecretsIsNotDeleted()
    {
        var (acme, acmeId) = await NewOrganizationAsync("acme");
        await Admin.CreateEnvironmentAsync(acme, "staging", Cancellation);
        await Admin.PutSecretAsync(acme, "db", new PutSecretRequest { Value = "x" }, "staging", Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => Admin.DeleteOrganizationAsync(acme, Cancellation));
        Assert.Contains("1 secret(s)", problem.Detail, StringComparison.Ordinal);
        await Admin.DeleteSecretAsync(acme, "db", "staging", Cancellation);
        await Admin.DeleteOrganizationAsync(acme, Cancellation);
        Assert.Equal(0, await Server.QueryAsync(context => context.DataKeys.CountAsync(key => key.OrganizationId == acmeId, Cancellation)));
    }

    private Task<Secret> PutAsync(string name, params (string Key, string Value)[] values) =>
        Admin.PutSecretAsync(
            Org, name, new PutSecretRequest { Values = values.ToDictionary(pair => pair.Key, pair => pair.Value) }, cancellationToken: Cancellation);
}

public sealed class SecretTestsOnSqlite(OnSqlite shared) : SecretTests(shared), IClassFixture<OnSqlite>;

public sealed class SecretTestsOnPostgreSql(OnPostgreSql shared) : SecretTests(shared), IClassFixture<OnPostgreSql>;
