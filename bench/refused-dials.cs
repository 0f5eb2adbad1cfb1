// refused-dials.cs   A runner that may not have a tunnel and dials in a loop: what it costs the server.
//
//   dotnet run bench/refused-dials.cs -- CREDENTIALS.json SERVER-PID SERVER-LOG [SECONDS]
//
// CREDENTIALS.json are revoked, or of a runner that was deleted. Four peers dial without pause, and each hangs up as soon as the
// gateway has said anything. Prints dials, the server's share of a core, its CPU time for each dial, and bytes of its log for each.
using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

const int Peers = 4;
if (args is not [var file, var pid, var log, ..])
    throw new ArgumentException("CREDENTIALS.json SERVER-PID SERVER-LOG [SECONDS]");
var seconds = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 10;
var tunnel = JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("tunnel");
var endpoint = tunnel.GetProperty("endpoint").GetString()!;
var (host, port) = (endpoint[..endpoint.LastIndexOf(':')], int.Parse(endpoint[(endpoint.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture));
using var certificate = X509Certificate2.CreateFromPem(tunnel.GetProperty("certificate").GetString(), tunnel.GetProperty("privateKey").GetString());
var context = SslStreamCertificateContext.Create(certificate, null, offline: true);
var roots = new X509Certificate2Collection();
roots.ImportFromPem(tunnel.GetProperty("caCertificates").GetString());
using var server = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));

var dials = 0;
var (cpu, bytes, began) = (server.TotalProcessorTime, new FileInfo(log).Length, Stopwatch.GetTimestamp());
using var end = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
await Task.WhenAll(Enumerable.Range(0, Peers).Select(_ => LoopAsync(end.Token)));
server.Refresh();
var (took, used) = (Stopwatch.GetElapsedTime(began), server.TotalProcessorTime - cpu);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{dials} dials in {took.TotalSeconds:0.0} s: server {used / took:P0} of a core, {used.TotalMilliseconds / dials:0.000} ms CPU and {(new FileInfo(log).Length - bytes) / (double)dials:0.0} bytes of log a dial"));

async Task LoopAsync(CancellationToken stop)
{
    while (!stop.IsCancellationRequested)
    {
        try
        {
            await DialAsync(stop);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException or OperationCanceledException)
        {
            // Refused in the handshake, closed at once, or the time is over.
        }

        Interlocked.Increment(ref dials);
    }
}

async Task DialAsync(CancellationToken stop)
{
    using var client = new TcpClient();
    await client.ConnectAsync(host, port, stop);
    await using var stream = new SslStream(client.GetStream());
    var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
    policy.CustomTrustStore.AddRange(roots);
    await stream.AuthenticateAsClientAsync(
        new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ClientCertificateContext = context,
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [new SslApplicationProtocol("planton-tunnel/1")],
            CertificateChainPolicy = policy,
        },
        stop);
    _ = await stream.ReadAsync(new byte[100], stop);
}
