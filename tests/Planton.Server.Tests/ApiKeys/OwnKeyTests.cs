using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.ApiKeys;

public sealed class OwnKeyTests : IAsyncLifetime
{
    private ServerFixture _server = null!;
    private PlantonApiClient _kim = null!;
    private string _first = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerFixture.StartAsync();
        _first = await _server.AddUserAsync("kim", await _server.DefaultOrganizationIdAsync());
        _kim = _server.Client(_first);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task AnotherKeyIsTheSameCaller_UntilItIsRevoked()
    {
        var made = await _kim.CreateApiKeyAsync(cancellationToken: Cancellation);
        var other = _server.Client(made.Key);
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
        await _server.AddUserAsync("lee");
        var ending = await _kim.CreateApiKeyAsync(TimeSpan.FromHours(1), Cancellation);
        await Expect.EventuallyAsync("the use of the first key is written", async () =>
            (await _kim.ListApiKeysAsync(Cancellation)).Items[^1].LastUsedAt is not null);

        var keys = (await _kim.ListApiKeysAsync(Cancellation)).Items;

        Assert.Equal([ending.ApiKey.Id, _first[4..16]], keys.Select(key => key.Id));
        Assert.Equal(ending.ApiKey, keys[0]);
        Assert.Equal(keys[0].CreatedAt.AddHours(1), keys[0].ExpiresAt);
        Assert.Equal(ApiKeyText.Hash(ending.Key[16..48]).AsSpan(0, 4).ToArray(), Convert.FromHexString(keys[0].Fingerprint));
    }

    [Fact]
    public async Task TheKeyItselfCanBeRevoked_AndItsAnswerStillComes()
    {
        await _kim.RevokeApiKeyAsync(_first[4..16], Cancellation);
        await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => _kim.GetCallerAsync(Cancellation));
    }

    [Fact]
    public async Task ForeignKeysAreNotThere()
    {
        var foreign = (await _server.AddUserAsync("lee"))[4..16];
        await Expect.ProblemAsync(ErrorCode.NotFound, () => _kim.RevokeApiKeyAsync(foreign, Cancellation));
        await Expect.ProblemAsync(ErrorCode.NotFound, () => _kim.RevokeApiKeyAsync("nothing", Cancellation));
        Assert.True(await _server.QueryAsync(context => context.ApiKeys.AnyAsync(key => key.Id == foreign && key.RevokedAt == null, Cancellation)));
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
        using var client = _server.HttpClient(_first);
        using var content = new StringContent($$"""{"expiresInSeconds":{{seconds}}}""", System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri("api/v1/me/api-keys", UriKind.Relative), content, Cancellation);
        Assert.Equal(good ? 201 : 400, (int)response.StatusCode);
    }

    [Fact]
    public async Task NobodyHasMoreThanAHundredGoodOnes_AndOnesThatEndedDoNotCount()
    {
        await FillAsync(ApiKeyLimits.MaxValid - 1, revoked: false);
        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => _kim.CreateApiKeyAsync(cancellationToken: Cancellation));
        Assert.Contains("100 valid keys", problem.Detail, StringComparison.Ordinal);
        await _kim.RevokeApiKeyAsync((await _kim.ListApiKeysAsync(Cancellation)).Items[^1].Id, Cancellation);
        await _kim.CreateApiKeyAsync(cancellationToken: Cancellation);
    }

    [Fact]
    public async Task TheOldestThatEndedAreForgotten_WhenThereAreAThousand()
    {
        await FillAsync(ApiKeyLimits.MaxKept + 5, revoked: true);
        await _kim.CreateApiKeyAsync(cancellationToken: Cancellation);
        var kept = await _server.QueryAsync(context => context.ApiKeys.Where(key => key.UserId != null && key.Fingerprint != "").CountAsync(Cancellation));
        // The administrator's own one is the one more.
        Assert.Equal(ApiKeyLimits.MaxKept + 1, kept);
        await _kim.GetCallerAsync(Cancellation);
    }

    [Fact]
    public async Task ARunnerGetsItsKeysWithItsCredentialsAlone()
    {
        var runner = _server.Client((await _server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials.ApiKey!);
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => runner.CreateApiKeyAsync(cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => runner.ListApiKeysAsync(Cancellation));
    }

    [Fact]
    public async Task MakingAndRevokingIsRecorded_WithoutTheKey()
    {
        var made = await _kim.CreateApiKeyAsync(cancellationToken: Cancellation);
        await _kim.RevokeApiKeyAsync(made.ApiKey.Id, Cancellation);
        var records = await _server.QueryAsync(context => context.AuditRecords.OrderBy(record => record.Sequence)
            .Where(record => record.ActorName == "kim").ToListAsync(Cancellation));
        Assert.Equal([AuditAction.CreateApiKey, AuditAction.RevokeApiKey], records.Select(record => record.Action));
        Assert.Contains(made.ApiKey.Fingerprint, records[0].Detail, StringComparison.Ordinal);
        Assert.Equal($"api-key/{made.ApiKey.Id}", records[1].Resource);
        Assert.DoesNotContain(records, record => record.Detail?.Contains(made.Key[16..], StringComparison.Ordinal) == true);
        Assert.DoesNotContain(made.Key[16..], _server.Log.Text, StringComparison.Ordinal);
    }

    private Task<int> FillAsync(int count, bool revoked) => _server.QueryAsync(async context =>
    {
        var kim = await context.Users.SingleAsync(user => user.Name == "kim", Cancellation);
        var now = TimeProvider.System.GetStorableNow();
        for (var number = 0; number < count; number++)
        {
            context.ApiKeys.Add(new ApiKeyEntity
            {
                Id = $"filler{number:D6}",
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
