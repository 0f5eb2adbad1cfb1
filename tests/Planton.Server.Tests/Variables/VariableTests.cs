using System.Text;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Variables;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Variables;

public abstract class VariableTests(SharedServer shared) : SharedServerTest(shared)
{
    [Fact]
    public async Task AVariableIsWrittenReadListedAndDeleted_InVersions()
    {
        await Admin.PutVariableAsync(Org, "region", "eu-west-1", cancellationToken: Cancellation);
        var second = await Admin.PutVariableAsync(Org, "region", "", cancellationToken: Cancellation);
        Assert.Equal(("region", Org, 2, ""), (second.Name, second.Organization, second.Version, second.Value));
        var read = await Admin.GetVariableAsync(Org, "region", cancellationToken: Cancellation);
        Assert.Equal([(2, "", "admin"), (1, "eu-west-1", "admin")], read.Versions!.Select(version => (version.Version, version.Value, version.CreatedBy)));
        await Admin.PutVariableAsync(Org, "account", "1234", cancellationToken: Cancellation);
        Assert.Equal(
            [("account", "1234"), ("region", "")],
            (await Admin.ListVariablesAsync(Org, cancellationToken: Cancellation)).Items.Select(variable => (variable.Name, variable.Value)));
        await Admin.DeleteVariableAsync(Org, "region", cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.GetVariableAsync(Org, "region", cancellationToken: Cancellation));
        var problem = await Expect.ProblemAsync(
            ErrorCode.NotFound, () => Admin.DeleteVariableAsync(Org, "acount", cancellationToken: Cancellation));
        Assert.Contains("Did you mean account?", problem.Hint, StringComparison.Ordinal);
        Assert.Equal(
            [AuditAction.PutVariable, AuditAction.PutVariable, AuditAction.DeleteVariable],
            await Server.QueryAsync(context => context.AuditRecords
                .Where(record => record.OrganizationId == OrgId && record.Resource == "variable/region")
                .OrderBy(record => record.Sequence).Select(record => record.Action).ToListAsync(Cancellation)));
    }

    [Fact]
    public async Task AnEnvironmentHasVariablesOfItsOwn()
    {
        await Admin.CreateEnvironmentAsync(Org, "staging", Cancellation);
        await Admin.PutVariableAsync(Org, "region", "eu", cancellationToken: Cancellation);
        await Admin.PutVariableAsync(Org, "region", "us", "staging", Cancellation);
        Assert.Equal("eu", (await Admin.GetVariableAsync(Org, "region", cancellationToken: Cancellation)).Value);
        Assert.Equal("us", (await Admin.GetVariableAsync(Org, "region", "staging", Cancellation)).Value);
        Assert.Equal(
            [(null, "eu"), ("staging", "us")],
            (await Admin.ListVariablesAsync(Org, cancellationToken: Cancellation)).Items.Select(variable => (variable.Environment, variable.Value)));
        Assert.Equal("us", Assert.Single((await Admin.ListVariablesAsync(Org, "staging", Cancellation)).Items).Value);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.PutVariableAsync(Org, "region", "x", "nowhere", Cancellation));
        await Admin.DeleteVariableAsync(Org, "region", "staging", Cancellation);
        Assert.Equal("eu", (await Admin.GetVariableAsync(Org, "region", cancellationToken: Cancellation)).Value);
    }

    [Fact]
    public async Task LimitsHold()
    {
        var largest = new string('ü', PutVariableRequest.MaxBytes / 2);
        Assert.Equal(PutVariableRequest.MaxBytes, Encoding.UTF8.GetByteCount(largest));
        await Admin.PutVariableAsync(Org, "v", largest, cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => Admin.PutVariableAsync(Org, "v", largest + "x", cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => Admin.PutVariableAsync(Org, "v", null!, cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => Admin.PutVariableAsync(Org, "v", "a\0b", cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => Admin.PutVariableAsync(Org, "No-Slug", "a", cancellationToken: Cancellation));
        for (var number = 2; number <= PutVariableRequest.MaxVersions + 1; number++)
            await Admin.PutVariableAsync(Org, "v", $"{number}", cancellationToken: Cancellation);
        var versions = (await Admin.GetVariableAsync(Org, "v", cancellationToken: Cancellation)).Versions!;
        Assert.Equal((PutVariableRequest.MaxVersions, 2), (versions.Count, versions[^1].Version));
    }

    [Fact]
    public async Task AnOrganizationThatHasVariablesIsNotDeleted()
    {
        var (acme, _) = await NewOrganizationAsync("acme");
        await Admin.PutVariableAsync(acme, "v", "x", cancellationToken: Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => Admin.DeleteOrganizationAsync(acme, Cancellation));
        Assert.Contains("1 variable(s)", problem.Detail, StringComparison.Ordinal);
        await Admin.DeleteVariableAsync(acme, "v", cancellationToken: Cancellation);
        await Admin.DeleteOrganizationAsync(acme, Cancellation);
    }
}

public sealed class VariableTestsOnSqlite(OnSqlite shared) : VariableTests(shared), IClassFixture<OnSqlite>;

public sealed class VariableTestsOnPostgreSql(OnPostgreSql shared) : VariableTests(shared), IClassFixture<OnPostgreSql>;
