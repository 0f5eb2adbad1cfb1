using Planton.Api.Client;
using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Outages;

/// <summary>One client that makes and revokes keys of a service account, one after the other, and what it was answered.</summary>
internal sealed class AnsweredCommands(string account)
{
    private const string Organization = PlantonInstallation.Organization;

    private readonly List<(string Id, string Key)> _good = [];
    private readonly List<(string Id, string Key)> _revoked = [];
    private string? _doubtful;

    /// <summary>Commands that were answered with success.</summary>
    public int Count => Created + Revoked;

    /// <summary>Keys that were made.</summary>
    public int Created => _good.Count + _revoked.Count;

    /// <summary>Keys that were revoked.</summary>
    public int Revoked => _revoked.Count;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Sends commands until one fails, and returns how.</summary>
    public async Task<Exception> UntilOneFailsAsync(PlantonApiClient api)
    {
        try
        {
            while (true)
            {
                if (_good.Count < 2)
                {
                    var made = await api.CreateServiceAccountKeyAsync(Organization, account, cancellationToken: Token);
                    _good.Add((made.ApiKey.Id, made.Key));
                }
                else
                {
                    var first = _good[0];
                    // If this one is not answered, it may have happened or not.
                    _doubtful = first.Id;
                    await api.RevokeServiceAccountKeyAsync(Organization, account, first.Id, Token);
                    _doubtful = null;
                    _good.Remove(first);
                    _revoked.Add(first);
                }
            }
        }
        catch (Exception failure) when (failure is ApiException or HttpRequestException)
        {
            return failure;
        }
    }

    /// <summary>Every key that was answered is there, and every revocation that was answered holds.</summary>
    public async Task CheckAsync(PlantonApiClient api, string server)
    {
        var stored = (await api.ListServiceAccountKeysAsync(Organization, account, Token)).Items.ToDictionary(key => key.Id);
        foreach (var (id, key) in _good.Concat(_revoked))
        {
            Assert.True(stored.ContainsKey(id), $"{account}: key {id} was answered, and is not there");
            if (id == _doubtful)
                continue;
            using var http = new HttpClient { BaseAddress = new Uri(server + "/") };
            http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(key);
            using var answer = await http.GetAsync("api/v1/me", Token);
            Assert.Equal((id, _revoked.Contains((id, key)) ? 401 : 200), (id, (int)answer.StatusCode));
        }
    }
}
