using System.Text.Json;
using Planton.Api;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Hosting;

/// <summary><c>addresses.json</c>, which is there only while its server listens.</summary>
public sealed class AddressesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Addresses => Path.Combine(_folder.Data, "addresses.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ItIsGoneBeforeTheListenersAre()
    {
        await using var server = await ServerFixture.StartInAsync(_folder, options => options with { StopDelay = TimeSpan.FromSeconds(2) });
        using var client = server.HttpClient();
        var stop = server.App.StopAsync(Cancellation);
        await Eventually.BecomesTrueAsync(() => !File.Exists(Addresses), "the file is gone", cancellationToken: Cancellation);
        Assert.Equal("ok\n", await client.GetStringAsync("healthz/live", Cancellation));
        await stop;
        Assert.False(File.Exists(Addresses));
    }

    [Fact]
    public async Task EveryStartWritesItsOwn_ForTheOwnerAlone()
    {
        await ServerTemplate.CopyToAsync(_folder, DatabaseKind.Sqlite);
        var seen = new List<string>();
        for (var start = 0; start < 3; start++)
        {
            await using var server = await ServerFixture.StartInAsync(_folder);
            Assert.Equal("600", FileModes.Of(Addresses));
            var addresses = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(Addresses, Cancellation), PlantonJson.Default.ServerAddresses)!;
            Assert.Equal($"http://{server.Http}", addresses.Http);
            seen.Add(addresses.Tunnel);
        }

        Assert.False(File.Exists(Addresses));
        Assert.All(seen, tunnel => Assert.Matches(@"^127\.0\.0\.1:\d+$", tunnel));
    }

    [Fact]
    public async Task ALeftOne_IsGoneBeforeAnythingElseIsDone()
    {
        Directory.CreateDirectory(_folder.Data);
        await File.WriteAllTextAsync(Addresses, """{"http":"http://127.0.0.1:1","tunnel":"127.0.0.1:1","pid":1}""", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(_folder.Data, "planton.db"), new string('x', 200), Cancellation);
        await Assert.ThrowsAnyAsync<Exception>(() => ServerFixture.StartInAsync(_folder));
        Assert.False(File.Exists(Addresses));
    }

    [Fact]
    public async Task WhenSomebodyRemovedIt_TheStopIsStillAGoodOne()
    {
        await ServerTemplate.CopyToAsync(_folder, DatabaseKind.Sqlite);
        await using var server = await ServerFixture.StartInAsync(_folder);
        File.Delete(Addresses);
        await server.App.StopAsync(Cancellation);
    }

    [Fact]
    public async Task WhenItCannotBeRemoved_TheServerStopsAllTheSame_AndSaysSo()
    {
        await ServerTemplate.CopyToAsync(_folder, DatabaseKind.Sqlite);
        await using var server = await ServerFixture.StartInAsync(_folder);
        // A folder in its place: what cannot be deleted as a file, also by root.
        File.Delete(Addresses);
        Directory.CreateDirectory(Addresses);
        await server.App.StopAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Contains("Stopped", server.Log.Text, StringComparison.Ordinal);
        Assert.Contains("addresses.json", server.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingHalfWrittenIsLeftBesideIt()
    {
        await ServerTemplate.CopyToAsync(_folder, DatabaseKind.Sqlite);
        await using (await ServerFixture.StartInAsync(_folder))
            Assert.DoesNotContain(Directory.GetFiles(_folder.Data), file => file.EndsWith(".tmp", StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.GetFiles(_folder.Data), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }
}
