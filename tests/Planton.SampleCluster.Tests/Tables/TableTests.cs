using SampleCluster.Objects;
using SampleCluster.Tables;

namespace Planton.SampleCluster.Tests.Tables;

public sealed class TableTests(RunningSample sample) : IClassFixture<RunningSample>
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    [Theory]
    [InlineData("/api/v1/pods", "Name,Ready,Status,Restarts,Age|IP,Node,Nominated Node,Readiness Gates")]
    [InlineData("/api/v1/nodes", "Name,Status,Roles,Age,Version|Internal-IP,External-IP,OS-Image,Kernel-Version,Container-Runtime")]
    [InlineData("/api/v1/namespaces", "Name,Status,Age|")]
    [InlineData("/api/v1/services", "Name,Type,Cluster-IP,External-IP,Port(s),Age|Selector")]
    [InlineData("/api/v1/events", "Last Seen,Type,Reason,Object,Message|Subobject,Source,First Seen,Count,Name")]
    [InlineData("/api/v1/configmaps", "Name,Data,Age|")]
    [InlineData("/api/v1/secrets", "Name,Type,Data,Age|")]
    [InlineData("/api/v1/serviceaccounts", "Name,Secrets,Age|")]
    [InlineData("/api/v1/endpoints", "Name,Endpoints,Age|")]
    [InlineData("/apis/apps/v1/deployments", "Name,Ready,Up-to-date,Available,Age|Containers,Images,Selector")]
    [InlineData("/apis/apps/v1/replicasets", "Name,Desired,Current,Ready,Age|Containers,Images,Selector")]
    [InlineData("/apis/discovery.k8s.io/v1/endpointslices", "Name,AddressType,Ports,Endpoints,Age|")]
    public async Task ColumnsAreThoseOfTheRealServer(string path, string expected)
    {
        var table = await sample.GetAsync(path, Table);
        Assert.Equal(("Table", "meta.k8s.io/v1"), (table.Text("kind"), table.Text("apiVersion")));
        var columns = table.Items("columnDefinitions").ToLookup(c => c.Number("priority"), c => c.Text("name"));
        Assert.Equal(expected, $"{string.Join(',', columns[0])}|{string.Join(',', columns[1])}");
        Assert.All(table.Items("rows"), r => Assert.Equal(columns.Sum(g => g.Count()), r["cells"]!.AsArray().Count));
    }

    [Fact]
    public async Task ACrashingPodShowsWhyAndHowOften()
    {
        var table = await sample.GetAsync("/api/v1/namespaces/shop/pods?labelSelector=app%3Dpayments", Table);
        var cells = table["rows"]![0]!["cells"]!.AsArray().Select(c => c!.ToString()).ToList();
        Assert.Equal(("0/1", "CrashLoopBackOff"), (cells[1], cells[2]));
        Assert.Matches(@"^37 \(\d+m\d*s? ago\)$", cells[3]);
    }

    [Theory]
    [InlineData("", "PartialObjectMetadata")]
    [InlineData("includeObject=Object", "Pod")]
    [InlineData("includeObject=None", null)]
    public async Task ARowCarriesAsMuchOfItsObjectAsWasAskedFor(string query, string? kind) =>
        Assert.Equal(kind, (await sample.GetAsync($"/api/v1/pods?{query}", Table))["rows"]![0]!["object"].Text("kind"));

    [Fact]
    public async Task OneObjectCanBeATable()
    {
        var table = await sample.GetAsync("/api/v1/namespaces/shop", Table);
        Assert.Equal("shop", table["rows"]![0]!["cells"]![0]!.ToString());
    }

    [Theory]
    [InlineData(-5, "<invalid>")]
    [InlineData(-0.5, "0s")]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(125, "2m5s")]
    [InlineData(599, "9m59s")]
    [InlineData(600, "10m")]
    [InlineData(10_799, "179m")]
    [InlineData(10_800, "3h")]
    [InlineData(11_100, "3h5m")]
    [InlineData(28_800, "8h")]
    [InlineData(172_799, "47h")]
    [InlineData(172_800, "2d")]
    [InlineData(176_400, "2d1h")]
    [InlineData(691_200, "8d")]
    [InlineData(63_072_000, "2y")]
    [InlineData(63_158_400, "2y1d")]
    [InlineData(252_288_000, "8y")]
    public void AgesAreWrittenAsKubectlWritesThem(double seconds, string expected) =>
        Assert.Equal(expected, HumanDuration.Format(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void AnUnknownTimeIsUnknown() => Assert.Equal("<unknown>", HumanDuration.Since(null, DateTimeOffset.UnixEpoch));
}
