namespace Planton.Api.Tests;

public sealed class ApiKeyMaskTests
{
    private const string Key = "pck_0123456789abSECRETSECRETSECRETSECRETSECRET123456";

    [Theory]
    [InlineData(Key, "pck_0123456789ab…")]
    [InlineData($"GET /api/v1/{Key}/x?key={Key}&y", "GET /api/v1/pck_0123456789ab…/x?key=pck_0123456789ab…&y")]
    [InlineData($"{Key}{Key}", "pck_0123456789ab…")]
    [InlineData("/pck%5F0123456789abSECRET%5fMORE/x", "/pck%5F0123456789ab…/x")]
    [InlineData("pck_01-3456_89abS", "pck_01-3456_89ab…")]
    [InlineData("pck_0123456789ab", "pck_0123456789ab")]
    [InlineData("pck_", "pck_")]
    [InlineData("no key at all", "no key at all")]
    public void OfAKeyThePublicPartStays(string text, string expected) => Assert.Equal(expected, ApiKeyMask.Apply(text));
}
