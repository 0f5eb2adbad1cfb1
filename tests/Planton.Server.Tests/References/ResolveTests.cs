using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Api.References;
using Planton.Api.Secrets;
using Planton.Server.Audit;
using Planton.Server.References;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.References;

public abstract class ResolveTests(SharedServer shared) : SharedServerTest(shared)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Admin.PutSecretAsync(Org, "token", new PutSecretRequest { Value = "t" }, cancellationToken: Cancellation);
        foreach (var user in new[] { "old", "kim" })
            await PutAsync("db", ("user", user), ("value", "v"));
        await PutAsync("pair", ("a", "1"), ("b", "2"));
        await Admin.PutVariableAsync(Org, "region", "eu", cancellationToken: Cancellation);
    }

    [Fact]
    public async Task ARunnerReadsSecretsAndVariablesOfItsOrganization()
    {
        var runner = await RunnerAsync();
        var values = await ResolveAsync(runner, null, "$secret/token", "$secret/db/user", "$secret/db/value", "$secret/db", "$var/region", "$var/region");
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["$secret/token"] = "t", ["$secret/db/user"] = "kim", ["$secret/db/value"] = "v", ["$secret/db"] = "v", ["$var/region"] = "eu",
            },
            values);
    }

    [Fact]
    public async Task TheEnvironmentsOwnComeBeforeTheOrganizations()
    {
        await Admin.CreateEnvironmentAsync(Org, "staging", Cancellation);
        await Admin.PutSecretAsync(Org, "token", new PutSecretRequest { Value = "staging's" }, "staging", Cancellation);
        var runner = await RunnerAsync();
        Assert.Equal("staging's", (await ResolveAsync(runner, "staging", "$secret/token"))["$secret/token"]);
        Assert.Equal("t", (await ResolveAsync(runner, null, "$secret/token"))["$secret/token"]);
        Assert.Equal("eu", (await ResolveAsync(runner, "staging", "$var/region"))["$var/region"]);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => ResolveAsync(runner, "nowhere", "$var/region"));
        Assert.Equal(["environment/staging/secret/token", "secret/token", "variable/region"], (await RecordsAsync()).Select(record => record.Resource));
    }

    [Fact]
    public async Task ItReadsNothingOfAnotherOrganization()
    {
        var (acme, _) = await NewOrganizationAsync("acme");
        await Admin.PutSecretAsync(acme, "theirs", new PutSecretRequest { Value = "x" }, cancellationToken: Cancellation);
        var runner = await RunnerAsync();
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => runner.ResolveAsync(acme, Of("$secret/theirs"), Cancellation));
        await Expect.ProblemAsync(ErrorCode.NotFound, () => ResolveAsync(runner, null, "$secret/theirs"));
        var ofPlatform = Server.Client((await Admin.GenerateCredentialsAsync(null, UniqueName("shared"), Cancellation)).Credentials.ApiKey!);
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => ResolveAsync(ofPlatform, null, "$var/region"));
    }

    [Fact]
    public async Task EachSecretAndVariableThatIsReadIsRecordedOnce_WithItsReaderAndVersion()
    {
        var runner = await RunnerAsync();
        await ResolveAsync(runner, null, "$secret/db/user", "$secret/db/value", "$var/region");
        var records = await RecordsAsync();
        Assert.Equal([("secret/db", "version 2"), ("variable/region", "version 1")], records.Select(record => (record.Resource, record.Detail)));
        Assert.All(records, record => Assert.Equal(("service-account", AuditOutcome.Allowed), (record.ActorKind, record.Outcome)));
        Assert.Single(records.Select(record => record.OperationId).Distinct());
    }

    [Fact]
    public async Task WhatIsMissingIsToldAtOnce_AndNothingIsReadOrRecorded()
    {
        var problem = await Expect.ProblemAsync(
            ErrorCode.NotFound, () => ResolveAsync(Admin, null, "$var/region", "$secret/none", "$secret/db/none", "$secret/pair", "$var/none"));
        foreach (var fault in new[]
        {
            "cannot resolve 4 of 5", "$secret/none: there is no such secret", "$secret/db/none: the secret has no such key",
            "$secret/pair: it has 2 keys; name one: $secret/pair/KEY", "$var/none: there is no such variable",
        })
            Assert.Contains(fault, problem.Detail, StringComparison.Ordinal);
        Assert.Empty(await RecordsAsync());
    }

    [Fact]
    public async Task WhatIsNoReferenceIsNamedByItsPlace_AndNotRepeated()
    {
        var problem = await Expect.ProblemAsync(
            ErrorCode.InvalidArgument, () => ResolveAsync(Admin, null, "$var/region", "hunter2", "$secret/", "$secret/DB", "$var/a/b", "$secret/a/b/c", null!));
        Assert.Equal(Enumerable.Range(1, 6).Select(index => $"references[{index}]"), problem.Errors!.Keys.Order());
        Assert.DoesNotContain("hunter2", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HowMuchIsAskedForAtOnceIsBounded()
    {
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => ResolveAsync(Admin, null));
        var many = Enumerable.Range(0, ResolveRequest.MaxReferences + 1).Select(number => $"$var/v{number}").ToArray();
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => ResolveAsync(Admin, null, many));
        var megabyte = new string('x', PutSecretRequest.MaxBytes - PutSecretRequest.SingleKey.Length);
        var large = (ReferenceResolver.MaxBytes / megabyte.Length) + 1;
        for (var number = 0; number < large; number++)
            await Admin.PutSecretAsync(Org, $"s{number}", new PutSecretRequest { Value = megabyte }, cancellationToken: Cancellation);
        var all = Enumerable.Range(0, large).Select(number => $"$secret/s{number}").ToArray();
        Assert.Contains("fewer", (await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => ResolveAsync(Admin, null, all))).Hint, StringComparison.Ordinal);
        Assert.Equal(large - 2, (await ResolveAsync(Admin, null, all[2..])).Count);
    }

    private Task<List<AuditRecordEntity>> RecordsAsync() => Server.QueryAsync(context => context.AuditRecords
        .Where(record => record.Action == AuditAction.Resolve && record.OrganizationId == OrgId).OrderBy(record => record.Sequence).ToListAsync(Cancellation));

    private Task<Secret> PutAsync(string name, params (string Key, string Value)[] values) => Admin.PutSecretAsync(
        Org, name, new PutSecretRequest { Values = values.ToDictionary(pair => pair.Key, pair => pair.Value) }, cancellationToken: Cancellation);

    private async Task<PlantonApiClient> RunnerAsync() =>
        Server.Client((await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials.ApiKey!);

    private async Task<IReadOnlyDictionary<string, string>> ResolveAsync(PlantonApiClient client, string? environment, params string[] references) =>
        (await client.ResolveAsync(Org, Of(references) with { Environment = environment }, Cancellation)).Values;

    private static ResolveRequest Of(params string[] references) => new() { References = references };
}

public sealed class ResolveTestsOnSqlite(OnSqlite shared) : ResolveTests(shared), IClassFixture<OnSqlite>;

public sealed class ResolveTestsOnPostgreSql(OnPostgreSql shared) : ResolveTests(shared), IClassFixture<OnPostgreSql>;
