using System.Text.Json.Nodes;
using Planton.Testing;
using SampleCluster.Logs;
using SampleCluster.Objects;

namespace Planton.SampleCluster.Tests.Logs;

public sealed class LogTests(RunningSample sample) : IClassFixture<RunningSample>
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task TailGivesTheLastLines()
    {
        var lines = await LinesAsync("cart", "tailLines=3");
        Assert.Equal(3, lines.Length);
        Assert.All(lines, l => Assert.StartsWith("level=info app=cart line=", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithoutATail_TheWholeLogComes_FromItsFirstLine()
    {
        var lines = await LinesAsync("cart", "");
        Assert.Equal("level=info app=cart msg=\"starting\"", lines[0]);
        Assert.True(lines.Length > 10_000, $"{lines.Length} lines in three hours");
    }

    [Fact]
    public async Task TimestampsSinceAndLimitsAreObeyed()
    {
        var lines = await LinesAsync("cart", "sinceSeconds=10&timestamps=true");
        Assert.InRange(lines.Length, 9, 13);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z level=info", lines[0]);
        Assert.Equal(50, (await TextAsync("cart", "limitBytes=50")).Length);
    }

    [Fact]
    public async Task FollowedLinesComeAsTheyAreWritten_AndEndWithThePod()
    {
        await sample.SendAsync(HttpMethod.Post, "/api/v1/namespaces/shop/pods", Pod("talker", "0"));
        await Eventually.BecomesTrueAsync(
            async () => (await sample.GetAsync("/api/v1/namespaces/shop/pods/talker")).Text("status", "phase") == "Running", "the pod runs", cancellationToken: _cancel);
        using var response = await sample.Http.GetAsync(
            new Uri("/api/v1/namespaces/shop/pods/talker/log?follow=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, _cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(_cancel));
        Assert.Equal("level=info app=main msg=\"starting\"", await reader.ReadLineAsync(_cancel));
        Assert.Contains("line=1 ", await reader.ReadLineAsync(_cancel), StringComparison.Ordinal);
        await sample.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/shop/pods/talker");
        await reader.ReadToEndAsync(_cancel).WaitAsync(Eventually.DefaultTimeout, _cancel);
    }

    [Fact]
    public async Task ABacklogMakesALargeLog()
    {
        await sample.SendAsync(HttpMethod.Post, "/api/v1/namespaces/shop/pods", Pod("large", "50000"));
        await Eventually.BecomesTrueAsync(
            async () => (await sample.GetAsync("/api/v1/namespaces/shop/pods/large")).Text("status", "phase") == "Running", "the pod runs", cancellationToken: _cancel);
        var text = await sample.Http.GetStringAsync(new Uri("/api/v1/namespaces/shop/pods/large/log", UriKind.Relative), _cancel);
        Assert.True(text.Split('\n').Length > 50_000);
    }

    [Fact]
    public async Task ACrashedContainerHasAPreviousLogThatSaysWhy()
    {
        Assert.Contains("level=fatal", (await LinesAsync("payments", "previous=true"))[^1], StringComparison.Ordinal);
        Assert.Contains("level=fatal", (await LinesAsync("payments", "follow=true"))[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("previous=true", "previous terminated container \"cart\" in pod")]
    [InlineData("container=nope", "container nope is not valid for pod")]
    [InlineData("tailLines=-1", "invalid tailLines")]
    [InlineData("sinceTime=yesterday", "invalid sinceTime")]
    public async Task WhatCannotBeReadIsABadRequest(string query, string message)
    {
        var (status, json) = await sample.SendAsync(HttpMethod.Get, $"/api/v1/namespaces/shop/pods/{await sample.FirstPodAsync("cart")}/log?{query}");
        Assert.Equal(400, status);
        Assert.StartsWith(message, json.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public void LinesAreAFunctionOfTime()
    {
        var start = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var log = new ContainerLog([], "web", start, null);
        Assert.Equal((0, 1, 11), (log.Count(start.AddSeconds(-1)), log.Count(start), log.Count(start.AddSeconds(10.9))));
        Assert.Equal(start.AddSeconds(7), log.TimeOf(7));
        Assert.Equal(log.TextOf(5), new ContainerLog([], "web", start, null).TextOf(5));
        Assert.Equal((0, 3), (log.FirstSince(start.AddDays(-1)), log.FirstSince(start.AddSeconds(2.5))));
    }

    private async Task<string[]> LinesAsync(string app, string query) => (await TextAsync(app, query)).TrimEnd('\n').Split('\n');

    private async Task<string> TextAsync(string app, string query) => await sample.Http.GetStringAsync(
        new Uri($"/api/v1/namespaces/shop/pods/{await sample.FirstPodAsync(app)}/log?{query}", UriKind.Relative), _cancel);

    private static JsonNode Pod(string name, string backlog) => JsonNode.Parse(
        $$"""
        {"metadata":{"name":"{{name}}","annotations":{"sample-cluster/log-backlog-lines":"{{backlog}}"} },
        "spec":{"containers":[{"name":"main","image":"x:1"}]} }
        """)!;
}
