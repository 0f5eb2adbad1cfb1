using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.ApiKeys;

public abstract class OwnKeyTests(SharedServer shared) : SharedServerTest(shared)
{
    private PlantonApiClient _kim = null!;
    private string _name = null!;
    private string _first = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _name = UniqueName("kim");
        _first = await Server.AddUserAsync(_name, OrgId);
        _kim = Server.Client(_first);
    }

    [Fact]
    public async Task AnotherKeyIsTheSameCaller_UntilItIsRevoked()
    {
        var made = await _kim.CreateApiKeyAsync(cancellationToken: Cancellation);
        var other = Server.Client(made.Key);
        Assert.Equal((await _kim.GetCallerAsync(Cancellation)).Id, (await other.GetCallerAsync(Cancellation)).Id);
        Assert.Null(made.ApiKey.ExpiresAt);

        await _kim.RevokeApiKeyAsync(made.ApiKey.Id, Cancellation);

        var problem = await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => other.GetCallerAsync(Cancellation));
        Assert.Contains($"API key {made.ApiKey.Id} was revoked at", problem.Detail, StringComparison.Ordinal);
        await _kim.GetCallerAsync(Cancellation);
        await _kim.RevokeApiKeyAsync(made.ApiKey.Id, Cancellation);
    }

    [Fact]
    public async Task TheListHoldsOnlyTheCallersOwn_NewestFirst_WithWhatIsKnownOfThem()
    {
        await Server.AddUserAsync(UniqueName("lee"));
        var ending = await _kim.CreateApiKeyAsync(TimeSpan.FromHours(1), Cancellation);
        await Eventually.BecomesTrueAsync(
            async () => (await _kim.ListApiKeysAsync(Cancellation)).Items[^1].LastUsedAt is not null,
            "the use of the first key is written", cancellationToken: Cancellation);

        var keys = (await _kim.ListApiKeysAsync(Cancellation)).Items;

        Assert.Equal([ending.ApiKey.Id, _first[4..16]], keys.Select(key => key.Id));
        Assert.Equal(ending.ApiKey, keys[0]);
        Assert.Equal(keys[0].CreatedAt.AddHours(1), keys[0].ExpiresAt);
        Assert.Equal(ApiKeyText.Hash(ending.Key[16..48]).AsSpan(0, 4).ToArray(), Convert.FromHexString(keys[0].Fingerprint));
    }

    [Fact]
    public async Task AKeyCanRevokeItself_AndTheResponseStillArrives()
    {
        await _kim.RevokeApiKeyAsync(_first[4..16], Cancellation);
        await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => _kim.GetCallerAsync(Cancellation));
    }

    [Fact]
    public async Task ForeignKeysAreNotThere()
    {
        var foreign = (await Server.AddUserAsync(UniqueName("lee")))[4..16];
        await Expect.ProblemAsync(ErrorCode.NotFound, () => _kim.RevokeApiKeyAsync(foreign, Cancellation));
        await Expect.ProblemAsync(ErrorCode.NotFound, () => _kim.RevokeApiKeyAsync("nothing", Cancellation));
        Assert.True(await Server.QueryAsync(context => context.ApiKeys.AnyAsync(key => key.Id == foreign && key.RevokedAt == null, Cancellation)));
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, true)]
    [InlineData(3653L * 86_400, true)]
    [InlineData((3653L * 86_400) + 1, false)]
    [InlineData(-1, false)]
    [InlineData(long.MaxValue, false)]
    public async Task AKeyLastsFromAMinuteToTenYears(long seconds, bool good)
    {
        using var client = Server.HttpClient(_first);
        using var content = new StringContent($$"""{"expiresInSeconds":{{seconds}}}""", System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri("api/v1/me/api-keys", UriKind.Relative), content, Cancellation);
        Assert.Equal(good ? 201 : 400, (int)response.StatusCode);
    }

    [Fact]
    public async Task AUserHasAtMostAHundredValidKeys_AndRevokedOnesDoNotCount()
    {
        await FillAsync(ApiKeyLimits.MaxValid - 1, revoked: false);
        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => _kim.CreateApiKeyAsync(cancellationToken: Cancellation));
        Assert.Contains("100 valid keys", problem.Detail, StringComparison.Ordinal);
        await _kim.RevokeApiKeyAsync((await _kim.ListApiKeysAsync(Cancellation)).Items[^1].Id, Cancellation);
        await _kim.CreateApiKeyAsync(cancellationToken: Cancellation);
    }

    [Fact]
    public async Task TheOldestRevokedKeysAreDeleted_WhenThereAreAThousand()
    {
        await FillAsync(ApiKeyLimits.MaxKept + 5, revoked: true);
        await _kim.CreateApiKeyAsync(cancellationToken: Cancellation);
        Assert.Equal(ApiKeyLimits.MaxKept, await Server.QueryAsync(context =>
            context.ApiKeys.CountAsync(key => context.Users.Any(user => user.Id == key.UserId && user.Name == _name), Cancellation)));
        await _kim.GetCallerAsync(Cancellation);
    }

    [Fact]
    public async Task ARunnerGetsItsKeysWithItsCredentialsAlone()
    {
        var runner = Server.Client((await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials.ApiKey!);
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => runner.CreateApiKeyAsync(cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => runner.ListApiKeysAsync(Cancellation));
    }

    [Fact]
    public async Task MakingAndRevokingIsRecorded_WithoutTheKey()
    {
        var made = await _kim.CreateApiKeyAsync(cancellationToken: Cancellation);
        await _kim.RevokeApiKeyAsync(made.ApiKey.Id, Cancellation);
        var records = await Server.QueryAsync(context => context.AuditRecords.OrderBy(record => record.Sequence)
            .Where(record => record.ActorName == _name).ToListAsync(Cancellation));
        Assert.Equal([AuditAction.CreateApiKey, AuditAction.RevokeApiKey], records.Select(record => record.Action));
        Assert.Contains(made.ApiKey.Fingerprint, records[0].Detail, StringComparison.Ordinal);
        Assert.Equal($"api-key/{made.ApiKey.Id}", records[1].Resource);
        Assert.DoesNotContain(records, record => record.Detail?.Contains(made.Key[16..], StringComparison.Ordinal) == true);
        Assert.DoesNotContain(made.Key[16..], Server.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfAKeyOnlyItsHashIsStored()
    {
        var made = await _kim.CreateApiKeyAsync(cancellationToken: Cancellation);
        var stored = await Server.QueryAsync(context => context.ApiKeys.SingleAsync(key => key.Id == made.ApiKey.Id, Cancellation));
        Assert.Equal(ApiKeyText.Hash(made.Key[16..48]), stored.SecretHash);
        Assert.DoesNotContain(made.Key[16..48], JsonSerializer.Serialize(stored), StringComparison.Ordinal);
    }

    private Task<int> FillAsync(int count, bool revoked) => Server.QueryAsync(async context =>
    {
        var kim = await context.Users.SingleAsync(user => user.Name == _name, Cancellation);
        var now = TimeProvider.System.GetStorableNow();
        for (var number = 0; number < count; number++)
        {
            context.ApiKeys.Add(new ApiKeyEntity
            {
                Id = ApiKeyText.Generate().Id,
                UserId = kim.Id,
                SecretHash = [1],
                Fingerprint = "filler",
                CreatedAt = now.AddDays(-1),
                RevokedAt = revoked ? now : null,
            });
        }

        return await context.SaveChangesAsync(Cancellation);
    });
}

public sealed class OwnKeyTestsOnSqlite(OnSqlite shared) : OwnKeyTests(shared), IClassFixture<OnSqlite>;

public sealed class OwnKeyTestsOnPostgreSql(OnPostgreSql shared) : OwnKeyTests(shared), IClassFixture<OnPostgreSql>;
