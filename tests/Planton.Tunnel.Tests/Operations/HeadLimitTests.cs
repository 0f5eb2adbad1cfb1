using System.Net;
using Microsoft.AspNetCore.Http;
using Planton.Tunnel.Protocol;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Operations;

/// <summary>What <see cref="HeadLimits"/> says is what both ends of a real tunnel take, without harm to what else is on it.</summary>
public sealed class HeadLimitTests : TunnelTest
{
    // The server adds a Date of its own.
    private const int DateBytes = 64;

    [Fact]
    public async Task TheLargestHeads_OfARequestAndOfAResponse_PassBothInOneFieldAndInMany()
    {
        var (_, _, tunnel) = await ConnectAsync(async context =>
        {
            var (count, size) = (int.Parse(context.Request.Query["count"]!, System.Globalization.CultureInfo.InvariantCulture), HeadLimits.MaxResponseBytes - DateBytes);
            for (var number = 0; number < count; number++)
                context.Response.Headers[$"x-{number:000}"] = new string('y', (size / count) - 5);
            context.Response.AppendTrailer("x-sum", new string('z', HeadLimits.MaxTrailerBytes - 5));
            await context.Response.WriteAsync($"{context.Request.Headers.Sum(header => header.Value.ToString().Length)}");
        });
        foreach (var count in new[] { 1, 100 })
        {
            using var request = TunnelRequests.Request(HttpMethod.Get, $"/?count={count}");
            for (var number = 0; number < count; number++)
                request.Headers.TryAddWithoutValidation($"x-{number:000}", new string('y', (HeadLimits.MaxTunnelRequestBytes - 8_000) / count));

            using var response = await tunnel.Invoker.SendAsync(request, Cancelled);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Null(ResponseHead.Fault(response, toUpgrade: false));
            Assert.InRange(int.Parse(await response.Content.ReadAsStringAsync(Cancelled), System.Globalization.CultureInfo.InvariantCulture), HeadLimits.MaxTunnelRequestBytes - 9_000, HeadLimits.MaxTunnelRequestBytes);
            Assert.Null(ResponseHead.TrailerFault(response));
        }

        Assert.Equal(HttpStatusCode.OK, (await tunnel.SendAsync(HttpMethod.Get, "/?count=1")).StatusCode);
    }

    [Theory]
    [InlineData(200, false, true)]
    [InlineData(503, false, true)]
    [InlineData(999, false, true)]
    [InlineData(101, true, true)]
    [InlineData(101, false, false)]
    [InlineData(100, true, false)]
    [InlineData(0, false, false)]
    [InlineData(99, false, false)]
    public void AStatusThatEndsNoResponse_IsAFault(int status, bool upgrade, bool good)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        Assert.Equal(good, ResponseHead.Fault(response, upgrade) is null);
    }

    [Theory]
    [InlineData("x", null)]
    [InlineData("\u00e9", "characters")]
    [InlineData("\u0001", "characters")]
    public void AValueThatCannotBeEncoded_IsAFault_AndIsNotRepeated(string value, string? fault)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("X-Odd", value);
        var said = ResponseHead.Fault(response, toUpgrade: false);
        Assert.Equal(fault is null, said is null);
        Assert.Contains(fault ?? "", said ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("X-Odd", said ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void AHeadOverTheLimit_IsAFault()
    {
        using var response = new HttpResponseMessage { Content = new ByteArrayContent([]) };
        response.Headers.TryAddWithoutValidation("X-Large", new string('x', HeadLimits.MaxResponseBytes - 100));
        Assert.Null(ResponseHead.Fault(response, toUpgrade: false));
        response.Content.Headers.TryAddWithoutValidation("Content-Type", new string('x', 100));
        Assert.Contains($"{HeadLimits.MaxResponseBytes} is the most", ResponseHead.Fault(response, toUpgrade: false), StringComparison.Ordinal);
        response.TrailingHeaders.TryAddWithoutValidation("X-Sum", new string('x', HeadLimits.MaxTrailerBytes));
        Assert.Contains($"{HeadLimits.MaxTrailerBytes} is the most", ResponseHead.TrailerFault(response), StringComparison.Ordinal);
    }
}
