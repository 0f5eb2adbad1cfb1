// latency.cs   One small request to a cluster, straight and through the tunnel, in pairs in one run.
//
//   dotnet run bench/latency.cs -- [REQUESTS]
//
// Environment: DIRECT_URL, the cluster itself, with the files DIRECT_CA, DIRECT_CERTIFICATE and DIRECT_KEY (PEM); TUNNEL_URL,
// such as http://127.0.0.1:8080/kubernetes/default/prod, and TUNNEL_TOKEN, a key of the control plane.
// Keep-alive connections, one warm-up of a tenth. Prints medians and 99th percentiles for 1 and for 8 requests at a time.
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

const string Path = "/api/v1/namespaces/default";
var requests = args is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 2000;
using var direct = Direct();
using var tunnel = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(Required("TUNNEL_URL") + Path) };
tunnel.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Required("TUNNEL_TOKEN"));

foreach (var parallel in (int[])[1, 8])
{
    await MeasureAsync(parallel, requests / 10);
    var (straight, through) = await MeasureAsync(parallel, requests);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{parallel} at a time, {requests} pairs: direct p50 {straight.P50:0.00} p99 {straight.P99:0.00} ms, through the tunnel p50 {through.P50:0.00} p99 {through.P99:0.00} ms, added p50 {through.P50 - straight.P50:0.00} ms"));
}

async Task<((double P50, double P99) Direct, (double P50, double P99) Tunnel)> MeasureAsync(int parallel, int pairs)
{
    var (straight, through) = (new double[pairs], new double[pairs]);
    await Parallel.ForAsync(0, pairs, new ParallelOptions { MaxDegreeOfParallelism = parallel }, async (i, cancelled) =>
    {
        straight[i] = await TimeAsync(direct, cancelled);
        through[i] = await TimeAsync(tunnel, cancelled);
    });
    return (Percentiles(straight), Percentiles(through));
}

static async Task<double> TimeAsync(HttpClient client, CancellationToken cancelled)
{
    var began = Stopwatch.GetTimestamp();
    using var response = await client.GetAsync(client.BaseAddress, cancelled);
    response.EnsureSuccessStatusCode();
    return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
}

static (double P50, double P99) Percentiles(double[] values)
{
    Array.Sort(values);
    return (values[values.Length / 2], values[values.Length * 99 / 100]);
}

static HttpClient Direct()
{
    var handler = new SocketsHttpHandler { UseProxy = false };
    handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(Required("DIRECT_CERTIFICATE"), Required("DIRECT_KEY"))];
    handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
    handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(Required("DIRECT_CA"));
    return new HttpClient(handler) { BaseAddress = new Uri(Required("DIRECT_URL") + Path) };
}

static string Required(string variable) =>
    Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : throw new InvalidOperationException($"{variable} is not set");
