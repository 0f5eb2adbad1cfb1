using Planton.Api.Errors;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Organizations;

/// <summary>Names that are refused before the database is asked.</summary>
public sealed class OrganizationNameTests(OnSqlite shared) : SharedServerTest(shared), IClassFixture<OnSqlite>
{
    [Theory]
    [InlineData("")]
    [InlineData("Acme")]
    [InlineData("-acme")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task ANameThatIsNoSlugIsRefusedByField(string name)
    {
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => Admin.CreateOrganizationAsync(name, Cancellation));
        Assert.Equal("name", Assert.Single(problem.Errors!).Key);
    }
}
