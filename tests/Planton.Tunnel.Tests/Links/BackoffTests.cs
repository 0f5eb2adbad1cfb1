using Planton.Tunnel.Links;

namespace Planton.Tunnel.Tests.Links;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(6);

    [Fact]
    public void TheCeilingDoubles_UpToTheCap()
    {
        var backoff = new Backoff(First, Cap, () => 1);

        Assert.Equal([250, 500, 1000, 2000, 4000, 6000, 6000], Enumerable.Range(0, 7).Select(_ => backoff.Next().TotalMilliseconds));
        Assert.Equal(7, backoff.Failures);
    }

    [Fact]
    public void TheWaitIsDrawnFromZeroToTheCeiling()
    {
        var draws = new Queue<double>([0, 0.5, 0.25]);
        var backoff = new Backoff(First, Cap, draws.Dequeue);

        Assert.Equal([0, 250, 250], Enumerable.Range(0, 3).Select(_ => backoff.Next().TotalMilliseconds));
    }

    [Fact]
    public void AfterAReset_ItBeginsAgain()
    {
        var backoff = new Backoff(First, Cap, () => 1);
        backoff.Next();
        backoff.Next();

        backoff.Reset();

        Assert.Equal(0, backoff.Failures);
        Assert.Equal(First, backoff.Next());
    }

    [Fact]
    public void AThousandFailures_DoNotOverflow()
    {
        var backoff = new Backoff(First, Cap, () => 1);

        Assert.All(Enumerable.Range(0, 1000).Select(_ => backoff.Next()), wait => Assert.InRange(wait, TimeSpan.Zero, Cap));
    }

    [Fact]
    public void ManyRunners_AreSpreadOverTheWholeCeiling()
    {
        var waits = Enumerable.Range(0, 1000).Select(_ => new Backoff(Cap, Cap, Random.Shared.NextDouble).Next()).ToList();

        foreach (var tenth in Enumerable.Range(0, 10))
            Assert.InRange(waits.Count(wait => (int)(wait / Cap * 10) == tenth), 50, 200);
    }
}
