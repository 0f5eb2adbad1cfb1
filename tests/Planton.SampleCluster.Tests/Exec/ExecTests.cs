using System.Net.WebSockets;
using System.Security.Cryptography;
using SampleCluster.Objects;

namespace Planton.SampleCluster.Tests.Exec;

public sealed class ExecTests(RunningSample sample) : IClassFixture<RunningSample>
{
    [Theory]
    [InlineData("v5.channel.k8s.io")]
    [InlineData("v4.channel.k8s.io")]
    public async Task ACommandsOutputsAndSuccessComeBack(string protocol)
    {
        using var session = await OpenAsync("command=sh&command=-c&command=echo%20out;%20echo%20err%20>%262", protocol);
        var outcome = await session.FinishAsync();
        Assert.Equal(("Success", "out\n", "err\n"), (outcome.Text("status"), session.Output, session.Error));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, session.CloseStatus);
    }

    [Fact]
    public async Task AnExitCodeIsACauseOfTheOutcome()
    {
        using var session = await OpenAsync("command=sh&command=-c&command=exit%207");
        var outcome = await session.FinishAsync();
        Assert.Equal(("Failure", "NonZeroExitCode"), (outcome.Text("status"), outcome.Text("reason")));
        Assert.Equal(("ExitCode", "7"), (outcome["details"]!["causes"]![0].Text("reason"), outcome["details"]!["causes"]![0].Text("message")));
    }

    [Fact]
    public async Task InputArrivesWhole_AndVersion5ClosesIt()
    {
        var bytes = RandomNumberGenerator.GetBytes(5_000_000);
        using var session = await OpenAsync("command=sha256sum&stdin=true");
        foreach (var chunk in bytes.Chunk(60_000))
            await session.SendAsync(0, chunk);
        await session.CloseInputAsync();
        Assert.Equal("Success", (await session.FinishAsync()).Text("status"));
        Assert.Equal($"{Convert.ToHexStringLower(SHA256.HashData(bytes))}  -\n", session.Output);
    }

    [Fact]
    public async Task ATerminalPromptsEchoesAndErases()
    {
        using var session = await OpenAsync("command=sh&stdin=true&tty=true");
        await session.ReadUntilAsync("/ # ");
        await session.TypeAsync("echo az\u007fb\r");
        await session.ReadUntilAsync("ab\r\n/ # ");
        Assert.Contains("echo az\b \bb\r\n", session.Output, StringComparison.Ordinal);
        await session.TypeAsync("half\u0003");
        await session.ReadUntilAsync("^C\r\n/ # ");
        await session.TypeAsync("exit 4\r");
        Assert.Equal("4", (await session.FinishAsync())["details"]!["causes"]![0].Text("message"));
    }

    [Fact]
    public async Task CtrlDEndsATerminal()
    {
        using var session = await OpenAsync("command=sh&stdin=true&tty=true");
        await session.ReadUntilAsync("/ # ");
        await session.TypeAsync("\u0004");
        Assert.Equal("Success", (await session.FinishAsync()).Text("status"));
    }

    [Fact]
    public async Task WhenTheClientLeaves_TheCommandEnds()
    {
        var session = await OpenAsync("command=sleep&command=600");
        session.Dispose();
        using var other = await OpenAsync("command=true");
        Assert.Equal("Success", (await other.FinishAsync()).Text("status"));
    }

    [Theory]
    [InlineData("storefront", "command=true", 400, "Upgrade request required")]
    public async Task WithoutAnUpgrade_TheAnswerSaysSo(string app, string query, int code, string message)
    {
        var pod = await sample.FirstPodAsync(app);
        var (status, json) = await sample.SendAsync(HttpMethod.Post, $"/api/v1/namespaces/shop/pods/{pod}/exec?{query}");
        Assert.Equal((code, message), (status, json.Text("message")));
    }

    [Theory]
    [InlineData("storefront", "command=true&container=nope", "v5.channel.k8s.io")]
    [InlineData("storefront", "", "v5.channel.k8s.io")]
    [InlineData("storefront", "command=true", "v9.channel.k8s.io")]
    [InlineData("payments", "command=true", "v5.channel.k8s.io")]
    public async Task WhatCannotRunIsRefusedBeforeTheUpgrade(string app, string query, string protocol)
    {
        var pod = await sample.FirstPodAsync(app);
        await Assert.ThrowsAsync<WebSocketException>(() => sample.ExecAsync(pod, query, protocol));
    }

    private async Task<ExecSession> OpenAsync(string query, string protocol = "v5.channel.k8s.io") =>
        new(await sample.ExecAsync(await sample.FirstPodAsync("storefront"), query, protocol));
}
