export default (html) => html
