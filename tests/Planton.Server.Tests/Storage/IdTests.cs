using System.Globalization;
using Planton.Server.Storage;

namespace Planton.Server.Tests.Storage;

public sealed class IdTests
{
    [Fact]
    public void IdsBeginWithTheTimeOfTheirMaking_SoThatTheySortByIt()
    {
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var id = ControlPlaneContext.NewId();
        var after = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$", id);
        Assert.InRange(long.Parse(id[..8] + id[9..13], NumberStyles.HexNumber, CultureInfo.InvariantCulture), before, after);
    }
}
