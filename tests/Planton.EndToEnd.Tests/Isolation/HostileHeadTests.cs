using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Planton.Api.Client;
using Planton.EndToEnd.Tests.Installations;
using Planton.Testing.Network;

namespace Planton.EndToEnd.Tests.Isolation;

/// <summary>
/// One request, or one response of the target, with a head that some hop cannot take. A watch and a request that waits are on the same
/// tunnel meanwhile, and notice nothing.
/// </summary>
public sealed class HostileHeadTests(CommonInstallation common) : InstallationTest(common)
{
    private const int KiB = 1024;
    private const string Plain = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _waiting = new(0);
    private readonly SemaphoreSlim _going = new(0);

    [Fact]
    public async Task WhateverIsInAHead_ItIsThatOperationsAlone()
    {
        await using var target = new RawHttpServer(ServeAsync);
        var name = $"hostile-{Guid.NewGuid():N}"[..16];
        await Installation.StartRunnerAsync(name, RunnerKubeconfig.Write(Installation, name, target.Url, "token"));
        await Installation.ConnectAsync(name, name);
        using var client = new HttpClient { BaseAddress = new Uri($"{Installation.Server.Addresses.Http}/kubernetes/default/{name}/"), Timeout = Limit };
        client.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(Installation.Server.InitialKey);
        using var watch = await client.GetAsync("api/v1/pods?watch=1", HttpCompletionOption.ResponseHeadersRead, Token);
        using var events = new StreamReader(await watch.Content.ReadAsStreamAsync(Token));
        var pending = client.GetStringAsync("wait", Token);
        Assert.True(await _waiting.WaitAsync(Limit, Token), "nothing waits at the target");
        var tunnel = await TunnelAsync(name);

        foreach (var (what, line, headers, expected) in Cases())
        {
            var (status, location) = await SendAsync(client.BaseAddress, name, line, headers);
            Assert.True(expected == status, $"{what}: {status} instead of {expected}");
            Assert.True(location is null || location.StartsWith($"/kubernetes/default/{name}/", StringComparison.Ordinal), $"{what}: leads to {location}");
            Assert.True(await events.ReadLineAsync(Token).AsTask().WaitAsync(Limit, Token) == "event", $"{what}: the watch ended");
            Assert.True(await TunnelAsync(name) == tunnel, $"{what}: the tunnel is another one");
        }

        _going.Release();
        Assert.Equal("waited", await pending);
    }

    private static IEnumerable<(string What, string Line, string Headers, int Status)> Cases()
    {
        foreach (var (what, headers, status) in new[]
        {
            ("a field of 64 KiB", $"X-Large: {new string('x', 64 * KiB)}", 200),
            ("a field of 120 KiB", $"X-Large: {new string('x', 120 * KiB)}", 200),
            ("one name in four parts", string.Join("\r\n", Enumerable.Repeat($"X-Part: {new string('x', 30 * KiB)}", 4)), 200),
            ("fields of 130 KiB", $"X-Large: {new string('x', 130 * KiB)}", 431),
            ("300 fields", string.Join("\r\n", Enumerable.Range(0, 300).Select(i => $"X-{i}: x")), 431),
            ("a value in UTF-8", "X-Odd: \u00c3\u00a9", 400),
            ("a control character", "X-Odd: a\u0001b", 400),
            ("a zero byte", "X-Odd: a\u0000b", 400),
        })
        {
            yield return (what, "GET x", headers, status);
        }

        foreach (var (what, path, status) in new[]
        {
            ("a path of 100 KiB", new string('x', 100 * KiB), 200),
            ("a path of 130 KiB", new string('x', 130 * KiB), 414),
            ("a fragment", "x#y", 400),
            ("a control character in the path", "x\u0001", 400),
            ("a response head of 100 KiB", "answer/large?100", 200),
            ("a response head of 60 KiB and a bit", "answer/large?64", 200),
            ("a response head of 200 KiB", "answer/large?200", 502),
            ("a response head of 12 MiB", "answer/large?12288", 502),
            ("a response in UTF-8", "answer/utf8", 502),
            ("a response with a control character", "answer/control", 502),
            ("status 000", "answer/000", 502),
            ("status 101 to no upgrade", "answer/101", 502),
            ("a redirect elsewhere", "answer/evil", 502),
            ("a redirect to the target's own address", "answer/own", 307),
            ("two redirects", "answer/two", 502),
            ("trailers of 60 KiB", "answer/trailers?60", 200),
            // The response had begun: it breaks off.
            ("trailers of 200 KiB", "answer/trailers?200", 200),
        })
        {
            yield return (what, "GET " + path, "X-Plain: x", status);
        }
    }

    private async Task ServeAsync(string head, Stream stream, CancellationToken cancellationToken)
    {
        var (path, host) = (head.Split(' ')[1], head.Split("\r\n").First(line => line.StartsWith("Host: ", StringComparison.Ordinal))[6..]);
        if (path.StartsWith("/api/v1/pods?watch", StringComparison.Ordinal))
        {
            await WriteAsync(Plain + "\r\n");
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await WriteAsync("event\n");
        }

        if (path == "/wait")
        {
            _waiting.Release();
            await _going.WaitAsync(cancellationToken);
            await WriteAsync(Plain + "\r\nwaited");
            return;
        }

        var size = path.Contains('?', StringComparison.Ordinal) && int.TryParse(path.Split('?')[1], CultureInfo.InvariantCulture, out var kib) ? kib * KiB : 0;
        await WriteAsync(path.Split('?')[0] switch
        {
            "/answer/large" => $"{Plain}X-Large: {new string('x', size)}\r\n\r\nhere",
            "/answer/utf8" => Plain + "X-Odd: \u00c3\u00a9\r\n\r\nhere",
            "/answer/control" => Plain + "X-Odd: a\u0001\r\n\r\nhere",
            "/answer/000" => "HTTP/1.1 000 Nothing\r\nConnection: close\r\n\r\nhere",
            "/answer/101" => "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhere",
            "/answer/evil" => "HTTP/1.1 302 Found\r\nLocation: http://evil.test/\r\nContent-Length: 0\r\n\r\n",
            "/answer/own" => $"HTTP/1.1 307 Temporary\r\nLocation: http://{host}/x\r\nContent-Length: 0\r\n\r\n",
            "/answer/two" => "HTTP/1.1 302 Found\r\nLocation: /x\r\nLocation: http://evil.test/\r\nContent-Length: 0\r\n\r\n",
            "/answer/trailers" => $"{Plain}Transfer-Encoding: chunked\r\n\r\n4\r\nhere\r\n0\r\nX-Sum: {new string('x', size)}\r\n\r\n",
            _ => Plain + "\r\nhere",
        });

        Task WriteAsync(string text) => stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancellationToken).AsTask();
    }

    private async Task<string> TunnelAsync(string runner) => Assert.Single((await Installation.Api.GetRunnerAsync("default", runner, Token)).Tunnels).Id;

    private async Task<(int Status, string? Location)> SendAsync(Uri address, string connection, string line, string headers)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port), Token);
        var (method, path) = (line.Split(' ', 2)[0], line.Split(' ', 2)[1]);
        var head = $"{method} /kubernetes/default/{connection}/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {Installation.Server.InitialKey}\r\n{headers}\r\n\r\n";
        await tcp.GetStream().WriteAsync(Encoding.Latin1.GetBytes(head), Token);
        using var reader = new StreamReader(tcp.GetStream(), Encoding.Latin1);
        var first = await reader.ReadLineAsync(Token).AsTask().WaitAsync(Limit, Token);
        Assert.False(string.IsNullOrEmpty(first), $"no response to {line[..Math.Min(80, line.Length)]}");
        string? location = null;
        while (await reader.ReadLineAsync(Token).AsTask().WaitAsync(Limit, Token) is { Length: > 0 } field)
        {
            if (field.StartsWith("Location: ", StringComparison.OrdinalIgnoreCase))
                location = field[10..];
        }

        return (int.Parse(first.Split(' ')[1], CultureInfo.InvariantCulture), location);
    }
}
