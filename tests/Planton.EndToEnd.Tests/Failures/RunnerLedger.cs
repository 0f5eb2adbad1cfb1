using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Failures;

/// <summary>
/// One runner's commands, one after the other, and what must hold of the keys it was answered. A command that was cut may have
/// happened or not, but as a whole.
/// </summary>
internal sealed class RunnerLedger(string name)
{
    private const string Organization = PlantonInstallation.Organization;

    private readonly List<(string Id, string Key)> _valid = [];
    private readonly List<string> _revoked = [];

    // The keys that a cut command would have ended: either all of them are good, or none is.
    private List<(string Id, string Key)>? _doubtful;

    public int Answered { get; private set; }

    public int Cut { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Sends one command at random; false when the server was gone.</summary>
    public async Task<bool> CommandAsync(PlantonApiClient api, Random random)
    {
        List<(string Id, string Key)> ended = [];
        try
        {
            switch (_valid.Count < 2 ? 0 : random.Next(8))
            {
                case 5:
                    ended = [_valid[random.Next(_valid.Count)]];
                    await api.RevokeCredentialAsync(Organization, name, ended[0].Id, Token);
                    Ended(ended);
                    break;
                case 6:
                    ended = [.. _valid];
                    var renewed = (await api.RegenerateCredentialsAsync(Organization, name, Token)).Credentials;
                    Ended(ended);
                    _valid.Add((renewed.Metadata!.Id!, renewed.ApiKey!));
                    break;
                case 7:
                    ended = [.. _valid];
                    await api.DeleteRunnerAsync(Organization, name, Token);
                    Ended(ended);
                    break;
                default:
                    var made = (await api.GenerateCredentialsAsync(Organization, name, Token)).Credentials;
                    _valid.Add((made.Metadata!.Id!, made.ApiKey!));
                    break;
            }

            Answered++;
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            Cut++;
            _doubtful = ended;
            return false;
        }
    }

    /// <summary>Asks the server, which runs again, about every key that there was.</summary>
    public async Task CheckAsync(string server)
    {
        if (_doubtful is { Count: > 0 } doubtful)
        {
            var taken = new List<bool>();
            foreach (var (_, key) in doubtful)
                taken.Add(await IsTakenAsync(server, key));
            Assert.True(taken.Distinct().Count() == 1, $"{name}: of {taken.Count} keys that a command ends together, {taken.Count(t => t)} are good");
            if (!taken[0])
                Ended(doubtful);
        }

        _doubtful = null;
        foreach (var (_, key) in _valid)
            Assert.True(await IsTakenAsync(server, key), $"{name}: a key that was answered is not good");
        foreach (var key in _revoked)
            Assert.False(await IsTakenAsync(server, key), $"{name}: a key that was ended is good again");
    }

    private void Ended(List<(string Id, string Key)> ended)
    {
        _revoked.AddRange(ended.Select(credential => credential.Key));
        _valid.RemoveAll(ended.Contains);
    }

    private static async Task<bool> IsTakenAsync(string server, string key)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server + "/") };
        http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(key);
        try
        {
            return (await new PlantonApiClient(http).GetCallerAsync(Token)).Runner is not null;
        }
        catch (ApiException refused) when (refused.Problem.Code == ErrorCode.Unauthenticated)
        {
            return false;
        }
    }
}
