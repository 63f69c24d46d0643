/** The build makes a text of it. */
declare module "*.css" {
  const css: string;
  export default css;
}
