using System.Collections.Concurrent;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Failures;

/// <summary>
/// One runner's commands, one after the other, and what must hold of the keys it was answered. A command that was cut may have
/// happened or not, but as a whole.
/// </summary>
/// <param name="name">The runner's.</param>
/// <param name="first">Which of <see cref="Commands"/> it begins with.</param>
internal sealed class RunnerLedger(string name, int first)
{
    private const string Organization = PlantonInstallation.Organization;

    private const string Generate = "generate";
    private const string Revoke = "revoke";
    private const string Regenerate = "regenerate";
    private const string Delete = "delete";

    // Those that end credentials need some.
    private const int Needed = 2;

    private readonly ConcurrentDictionary<string, int> _answered = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _cut = new(StringComparer.Ordinal);
    private readonly List<(string Id, string Key)> _valid = [];
    private readonly List<string> _revoked = [];

    // The keys that a cut command would have ended: either all of them are good, or none is.
    private List<(string Id, string Key)>? _doubtful;
    private int _next = first;

    /// <summary>Every command there is, in the order in which each runner's follow one another.</summary>
    public static IReadOnlyList<string> Commands { get; } = [Revoke, Regenerate, Delete, Generate];

    public int Answered => Commands.Sum(AnsweredOf);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public int AnsweredOf(string command) => _answered.GetValueOrDefault(command);

    public int CutOf(string command) => _cut.GetValueOrDefault(command);

    /// <summary>Makes what any command needs, which does not count.</summary>
    public async Task FillAsync(PlantonApiClient api)
    {
        while (_valid.Count < Needed)
            await GenerateAsync(api);
    }

    /// <summary>Sends the next command, or makes what it needs; false when the server was gone.</summary>
    public async Task<bool> CommandAsync(PlantonApiClient api, Random random)
    {
        List<(string Id, string Key)> ended = [];
        var lacks = _valid.Count < Needed;
        var command = lacks ? Generate : Commands[_next % Commands.Count];
        try
        {
            switch (command)
            {
                case Revoke:
                    ended = [_valid[random.Next(_valid.Count)]];
                    await api.RevokeCredentialAsync(Organization, name, ended[0].Id, Token);
                    Ended(ended);
                    break;
                case Regenerate:
                    ended = [.. _valid];
                    var renewed = (await api.RegenerateCredentialsAsync(Organization, name, Token)).Credentials;
                    Ended(ended);
                    _valid.Add((renewed.Metadata!.Id!, renewed.ApiKey!));
                    break;
                case Delete:
                    ended = [.. _valid];
                    await api.DeleteRunnerAsync(Organization, name, Token);
                    Ended(ended);
                    break;
                default:
                    await GenerateAsync(api);
                    break;
            }

            _answered[command] = AnsweredOf(command) + 1;
            if (!lacks)
                _next++;
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            _cut[command] = CutOf(command) + 1;
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

    private async Task GenerateAsync(PlantonApiClient api)
    {
        var made = (await api.GenerateCredentialsAsync(Organization, name, Token)).Credentials;
        _valid.Add((made.Metadata!.Id!, made.ApiKey!));
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
