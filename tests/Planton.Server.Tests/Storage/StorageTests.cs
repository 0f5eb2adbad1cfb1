using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Connections;
using Planton.Server.DefaultRunners;
using Planton.Server.Organizations;
using Planton.Server.Runners;
using Planton.Server.ServiceAccounts;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Storage;

/// <summary>What the database itself holds, whatever the code above it does.</summary>
public abstract class StorageTests(SharedServer shared) : SharedServerTest(shared)
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, 123, TimeSpan.Zero);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Server.Log.ExpectError(error => error.Text.Contains("INSERT", StringComparison.Ordinal) || error.Text.Contains("saving changes", StringComparison.Ordinal)
            || error.Text.Contains("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunnerNamesAreUniqueInAnOrganizationAndAmongThePlatforms()
    {
        var name = UniqueName("prod");
        await AddAsync(Runner(OrgId, name), Runner(null, name));
        await RefusedAsync(Runner(OrgId, name));
        await RefusedAsync(Runner(null, name));
        await AddAsync(Runner(null, UniqueName("other")));
    }

    [Fact]
    public async Task ServiceAccountNamesLikewise()
    {
        var name = UniqueName("ci");
        await AddAsync(Account(OrgId, name), Account(null, name));
        await RefusedAsync(Account(OrgId, name));
        await RefusedAsync(Account(null, name));
    }

    [Fact]
    public async Task OrganizationAndConnectionNamesAreUnique()
    {
        await RefusedAsync(new OrganizationEntity { Id = ControlPlaneContext.NewId(), Name = Org, CreatedAt = Now });
        await AddAsync(Connection("eks"));
        await RefusedAsync(Connection("eks"));
    }

    [Fact]
    public async Task ThereIsOneDefaultRunnerAnOrganizationAndOneForThePlatform()
    {
        var (one, two) = (Runner(OrgId, "one"), Runner(null, UniqueName("two")));
        await AddAsync(one, two);
        // The platform has one default: no other test of this class binds it.
        await AddAsync(Binding(OrgId, one.Id), Binding(null, two.Id));
        await RefusedAsync(Binding(OrgId, one.Id));
        await RefusedAsync(Binding(null, two.Id));
        await RefusedAsync(new DefaultRunnerBindingEntity { Id = ControlPlaneContext.NewId(), OrganizationId = null, RunnerId = two.Id });
    }

    [Fact]
    public async Task AMembershipIsOfAUserOrAServiceAccount()
    {
        await RefusedAsync(new MembershipEntity { Id = ControlPlaneContext.NewId(), OrganizationId = OrgId, Role = "viewer" });
    }

    [Fact]
    public async Task ForeignKeysAreHeld()
    {
        await RefusedAsync(Runner(ControlPlaneContext.NewId(), "prod"));
        await AddAsync(Connection("eks"));
        await Assert.ThrowsAnyAsync<DbException>(() => Server.QueryAsync(context =>
            context.Organizations.Where(organization => organization.Id == OrgId).ExecuteDeleteAsync(Cancellation)));
    }

    [Fact]
    public async Task TimesComeBackAsTheyWent_AndAreOrderedByTheDatabase()
    {
        var later = Runner(OrgId, "later", Now.AddMilliseconds(1));
        var earlier = Runner(OrgId, "earlier", Now.ToOffset(TimeSpan.FromHours(5)));
        await AddAsync(later, earlier);
        var stored = await Server.QueryAsync(context => context.Runners.AsNoTracking()
            .Where(runner => runner.OrganizationId == OrgId).OrderBy(runner => runner.CreatedAt).ToListAsync(Cancellation));
        Assert.Equal(["earlier", "later"], stored.Select(runner => runner.Name));
        Assert.Equal(Now, stored[0].CreatedAt);
        Assert.Equal(TimeSpan.Zero, stored[0].CreatedAt.Offset);
        Assert.Equal(1, await Server.QueryAsync(context => context.Runners.CountAsync(
            runner => runner.OrganizationId == OrgId && runner.CreatedAt > Now, Cancellation)));
    }

    [Fact]
    public async Task TheModelAndTheMigrationsAgree() =>
        Assert.False(await Server.QueryAsync(context => Task.FromResult(context.Database.HasPendingModelChanges())));

    [Fact]
    public async Task WritersWaitForEachOther()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Admin.RegisterRunnerAsync(Org, $"r{number}", Cancellation)));
        Assert.Equal(40, (await Admin.ListRunnersAsync(Org, cancellationToken: Cancellation)).Items.Count);
    }

    [Fact]
    public async Task NamesSortByTheirBytes()
    {
        foreach (var name in new[] { "b", "a-b", "ab", "a", "a0" })
            await Admin.RegisterRunnerAsync(Org, name, Cancellation);
        Assert.Equal(["a", "a-b", "a0", "ab", "b"], (await Admin.ListRunnersAsync(Org, cancellationToken: Cancellation)).Items.Select(r => r.Name));
    }

    private static RunnerEntity Runner(string? organization, string name, DateTimeOffset? createdAt = null) => new()
    {
        Id = ControlPlaneContext.NewId(), OrganizationId = organization, Name = name, CreatedAt = createdAt ?? Now,
    };

    private static ServiceAccountEntity Account(string? organization, string name) => new()
    {
        Id = ControlPlaneContext.NewId(), OrganizationId = organization, Name = name, CreatedAt = Now,
    };

    private static DefaultRunnerBindingEntity Binding(string? organization, string runner) => new()
    {
        Id = DefaultRunnerBindingEntity.IdOf(organization), OrganizationId = organization, RunnerId = runner,
    };

    private ConnectionEntity Connection(string name) => new()
    {
        Id = ControlPlaneContext.NewId(), OrganizationId = OrgId, Name = name, Kind = ConnectionKind.Kubernetes,
        AuthMode = ConnectionAuthMode.Runner, CreatedAt = Now,
    };

    private Task<int> AddAsync(params object[] entities) => Server.QueryAsync(context =>
    {
        context.AddRange(entities);
        return context.SaveChangesAsync(Cancellation);
    });

    private Task<DbUpdateException> RefusedAsync(object entity) => Assert.ThrowsAsync<DbUpdateException>(() => AddAsync(entity));
}

public sealed class StorageTestsOnSqlite(OnSqlite shared) : StorageTests(shared), IClassFixture<OnSqlite>
{
    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("foreign_keys", "1")]
    [InlineData("busy_timeout", "5000")]
    [InlineData("synchronous", "2")]
    public async Task TheDatabaseIsSetForSafety(string pragma, string value)
    {
        var actual = await Server.QueryAsync(async context =>
        {
            await context.Database.OpenConnectionAsync(Cancellation);
            await using var command = context.Database.GetDbConnection().CreateCommand();
            command.CommandText = "PRAGMA " + pragma;
            return Convert.ToString(await command.ExecuteScalarAsync(Cancellation), System.Globalization.CultureInfo.InvariantCulture);
        });
        Assert.Equal(value, actual);
    }
}

public sealed class StorageTestsOnPostgreSql(OnPostgreSql shared) : StorageTests(shared), IClassFixture<OnPostgreSql>;
