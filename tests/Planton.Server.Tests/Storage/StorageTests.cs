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
public sealed class StorageTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, 123, TimeSpan.Zero);

    private ServerFixture _server = null!;
    private string _organization = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerFixture.StartAsync();
        _organization = await _server.DefaultOrganizationIdAsync();
        _server.Log.ExpectError(error => error.Text.Contains("INSERT", StringComparison.Ordinal) || error.Text.Contains("saving changes", StringComparison.Ordinal)
            || error.Text.Contains("DELETE", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task RunnerNamesAreUniqueInAnOrganizationAndAmongThePlatforms()
    {
        await AddAsync(Runner(_organization, "prod"), Runner(null, "prod"));
        await RefusedAsync(Runner(_organization, "prod"));
        await RefusedAsync(Runner(null, "prod"));
        await AddAsync(Runner(null, "other"));
    }

    [Fact]
    public async Task ServiceAccountNamesLikewise()
    {
        await AddAsync(Account(_organization, "ci"), Account(null, "ci"));
        await RefusedAsync(Account(_organization, "ci"));
        await RefusedAsync(Account(null, "ci"));
    }

    [Fact]
    public async Task OrganizationAndConnectionNamesAreUnique()
    {
        await RefusedAsync(new OrganizationEntity { Id = ControlPlaneContext.NewId(), Name = "default", CreatedAt = Now });
        await AddAsync(Connection("eks"));
        await RefusedAsync(Connection("eks"));
    }

    [Fact]
    public async Task ThereIsOneDefaultRunnerAnOrganizationAndOneForThePlatform()
    {
        var (one, two) = (Runner(_organization, "one"), Runner(null, "two"));
        await AddAsync(one, two);
        await AddAsync(Binding(_organization, one.Id), Binding(null, two.Id));
        await RefusedAsync(Binding(_organization, one.Id));
        await RefusedAsync(Binding(null, two.Id));
        await RefusedAsync(new DefaultRunnerBindingEntity { Id = ControlPlaneContext.NewId(), OrganizationId = null, RunnerId = two.Id });
    }

    [Fact]
    public async Task AMembershipIsOfAUserOrAServiceAccount()
    {
        await RefusedAsync(new MembershipEntity { Id = ControlPlaneContext.NewId(), OrganizationId = _organization, Role = "viewer" });
    }

    [Fact]
    public async Task ForeignKeysAreHeld()
    {
        await RefusedAsync(Runner(ControlPlaneContext.NewId(), "prod"));
        await AddAsync(Connection("eks"));
        await Assert.ThrowsAnyAsync<DbException>(() => _server.QueryAsync(context =>
            context.Organizations.Where(organization => organization.Id == _organization).ExecuteDeleteAsync(Cancellation)));
    }

    [Fact]
    public async Task TimesComeBackAsTheyWent_AndAreOrderedByTheDatabase()
    {
        var later = Runner(_organization, "later", Now.AddMilliseconds(1));
        var earlier = Runner(_organization, "earlier", Now.ToOffset(TimeSpan.FromHours(5)));
        await AddAsync(later, earlier);
        var stored = await _server.QueryAsync(context => context.Runners.AsNoTracking().OrderBy(runner => runner.CreatedAt).ToListAsync(Cancellation));
        Assert.Equal(["earlier", "later"], stored.Select(runner => runner.Name));
        Assert.Equal(Now, stored[0].CreatedAt);
        Assert.Equal(TimeSpan.Zero, stored[0].CreatedAt.Offset);
        Assert.Equal(1, await _server.QueryAsync(context => context.Runners.CountAsync(runner => runner.CreatedAt > Now, Cancellation)));
    }

    [Fact]
    public async Task TheModelAndTheMigrationsAgree() =>
        Assert.False(await _server.QueryAsync(context => Task.FromResult(context.Database.HasPendingModelChanges())));

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("foreign_keys", "1")]
    [InlineData("busy_timeout", "10000")]
    [InlineData("synchronous", "2")]
    public async Task TheDatabaseIsSetForSafety(string pragma, string value)
    {
        var actual = await _server.QueryAsync(async context =>
        {
            await context.Database.OpenConnectionAsync(Cancellation);
            await using var command = context.Database.GetDbConnection().CreateCommand();
            command.CommandText = "PRAGMA " + pragma;
            return Convert.ToString(await command.ExecuteScalarAsync(Cancellation), System.Globalization.CultureInfo.InvariantCulture);
        });
        Assert.Equal(value, actual);
    }

    [Fact]
    public async Task WritersWaitForEachOther()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => _server.Admin.RegisterRunnerAsync("default", $"r{number}", Cancellation)));
        Assert.Equal(40, (await _server.Admin.ListRunnersAsync("default", cancellationToken: Cancellation)).Items.Count);
    }

    [Fact]
    public void IdsSortByTimeOfMaking()
    {
        var first = Guid.CreateVersion7(Now).ToString("D");
        var second = Guid.CreateVersion7(Now.AddMilliseconds(1)).ToString("D");
        Assert.True(string.CompareOrdinal(first, second) < 0);
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$", ControlPlaneContext.NewId());
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
        Id = ControlPlaneContext.NewId(), OrganizationId = _organization, Name = name, Kind = ConnectionKind.Kubernetes,
        AuthMode = ConnectionAuthMode.Runner, CreatedAt = Now,
    };

    private Task<int> AddAsync(params object[] entities) => _server.QueryAsync(context =>
    {
        context.AddRange(entities);
        return context.SaveChangesAsync(Cancellation);
    });

    private Task<DbUpdateException> RefusedAsync(object entity) => Assert.ThrowsAsync<DbUpdateException>(() => AddAsync(entity));
}
