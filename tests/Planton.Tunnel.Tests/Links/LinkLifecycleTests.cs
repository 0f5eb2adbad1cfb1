using Planton.Tunnel.Links;

namespace Planton.Tunnel.Tests.Links;

public sealed class LinkLifecycleTests
{
    public static TheoryData<LinkState, LinkState, bool> AllMoves()
    {
        var data = new TheoryData<LinkState, LinkState, bool>();
        var legal = new HashSet<(LinkState, LinkState)>
        {
            (LinkState.Connecting, LinkState.Ready),
            (LinkState.Connecting, LinkState.Closed),
            (LinkState.Ready, LinkState.Draining),
            (LinkState.Ready, LinkState.Closed),
            (LinkState.Draining, LinkState.Closed),
        };
        foreach (var from in Enum.GetValues<LinkState>())
        {
            foreach (var to in Enum.GetValues<LinkState>())
                data.Add(from, to, legal.Contains((from, to)));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(AllMoves))]
    public void OnlyTheMovesOfTheTable_AreLegal(LinkState from, LinkState to, bool legal)
    {
        Assert.Equal(legal, LinkLifecycle.IsLegal(from, to));
        var lifecycle = In(from);

        Assert.Equal(legal, lifecycle.TryMoveTo(to));
        Assert.Equal(legal ? to : from, lifecycle.State);
    }

    private static LinkLifecycle In(LinkState state)
    {
        var lifecycle = new LinkLifecycle();
        if (state is LinkState.Ready or LinkState.Draining)
            Assert.True(lifecycle.TryMoveTo(LinkState.Ready));
        if (state is LinkState.Draining or LinkState.Closed)
            Assert.True(lifecycle.TryMoveTo(state));
        return lifecycle;
    }
}
